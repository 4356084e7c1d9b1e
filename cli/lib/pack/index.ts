export { packDirectory } from './archive';
export type { Archive } from './archive';

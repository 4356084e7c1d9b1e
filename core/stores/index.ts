export { parseStoreLocation } from './location';
export type { StoreLocation } from './location';

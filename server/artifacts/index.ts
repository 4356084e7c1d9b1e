export { cleanUpArtifacts } from './clean-up';
export { downloadForAgent } from './download';
export { missingArtifact } from './missing';
export { getArtifact, uploadArtifact } from './upload';
export type { PieceRange } from './upload';

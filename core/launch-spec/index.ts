/** From a launch to what an agent needs to run it. */
export { sourceProblems } from './source';
export { buildLaunchSpec } from './build';
export { runEnvironment } from './environment';
export { generateRunId, generateRunName, RUN_ID_BYTES } from './names';
export { imageProblem } from './image';
export type * from './types';

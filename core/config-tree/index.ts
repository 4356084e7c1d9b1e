/** The parsed configuration as a tree, its paths, and small helpers that need nothing else. */
export * from './json';
export * from './nearest';
export * from './paths';
export * from './tree';

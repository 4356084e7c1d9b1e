/** The life of a run: which changes of state are legal and who may make them, why it waits, when it is tried again. */
export * from './queue-condition';
export * from './queue-state';
export * from './retry';
export * from './states';
export * from './waiting';

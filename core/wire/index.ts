/** Every request, answer and event as a zod schema, the one source for checks, types and the OpenAPI document. */
export * from './access';
export * from './agents';
export * from './artifacts';
export * from './common';
export * from './git';
export * from './jobs';
export * from './launch-spec';
export * from './logs';
export * from './queue-metrics';
export * from './queues';
export * from './run-state';
export * from './runs';
export * from './stream';

/** How queues do over time: hours added up by a task of the worker, the latest ones counted when they are asked for. */
export { queueMetrics } from './read';
export { rollUpQueues } from './roll-up';
export { queueTimeline } from './timeline';

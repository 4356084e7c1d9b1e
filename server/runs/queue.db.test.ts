import { queueSuite } from './testing/queue.suite';

queueSuite('LISTEN/NOTIFY', () => Promise.resolve(undefined));

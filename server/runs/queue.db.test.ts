import { queueSuite } from './queue.suite';

queueSuite('LISTEN/NOTIFY', () => Promise.resolve(undefined));

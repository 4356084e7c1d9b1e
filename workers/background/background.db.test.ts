import { backgroundSuite } from './background.suite';

backgroundSuite('timers under an advisory lock', () => Promise.resolve(undefined));

import { backgroundSuite } from './testing/background.suite';

backgroundSuite('timers under an advisory lock', () => Promise.resolve(undefined));

import { expect, it } from 'vitest';
import { metricsCsv } from './csv';

it('writes a line a step, nothing where nothing is known', () => {
  const point = {
    at: '2026-08-20T12:00:00.000Z',
    ...{ enqueued: 3, started: 2, finished: 1, failed: 0, stopped: 0 },
    ...{ waiting: 1.23456, inFlight: 2, oldestWait: 0, waitP50: null, waitP95: null, waitP99: null },
  };
  expect(metricsCsv({ points: [point] }).split('\r\n')).toEqual([
    'at,enqueued,started,finished,failed,stopped,waiting,inFlight,oldestWait,waitP50,waitP95,waitP99',
    '2026-08-20T12:00:00.000Z,3,2,1,0,0,1.235,2,0,,,',
    '',
  ]);
});

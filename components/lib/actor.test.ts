import { expect, it } from 'vitest';
import { actorLabel } from './actor';

it('names people by their name, agents as agents, and the server', () => {
  expect(
    ['user:Ada Admin', 'user:a: b', 'agent:rack-7', 'system', 'ada@example.com'].map(actorLabel),
  ).toEqual(['Ada Admin', 'a: b', 'agent rack-7', 'Slipway', 'ada@example.com']);
});

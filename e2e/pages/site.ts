import type { Child } from '../support/system';
import type { Api } from './api';
import type { Site } from './visit';
import { FAILING, PRINTER } from './programs';
import type { AgentOptions } from './test';

/** A team with something on every page: two queues, an agent that works, runs that ended well and badly, runs that wait, tokens, members. */
export async function furnish(
  api: Api,
  team: string,
  startAgent: (options: AgentOptions) => Promise<Child>,
): Promise<Site> {
  await api.createQueue(team, {
    name: 'gpu',
    resource: 'local-container',
    description: 'Eight A100 in the basement',
    prioritized: true,
    maxInFlight: 4,
    config: { format: 'yaml', source: 'gpus: "{{gpus}}"\nshm-size: 8g\n' },
    templates: { gpus: { type: 'integer', min: 1, max: 8, default: 1 } },
  });
  await api.call('PATCH', `/entities/${team}/queues/gpu`, {
    baseVersion: 1,
    note: 'more shared memory for the loaders',
    config: { format: 'yaml', source: 'gpus: "{{gpus}}"\nshm-size: 16g\n' },
    templates: { gpus: { type: 'integer', min: 1, max: 8, default: 1 } },
  });
  await api.createQueue(team, {
    name: 'lab',
    prioritized: true,
    description: 'Small things, on the machine of the lab',
    config: {
      format: 'yaml',
      source: '# what may be chosen\nenv:\n  SIZE: "{{size}}"\n  STEPS: "{{steps}}"\n',
    },
    templates: {
      size: { type: 'string', options: ['small', 'large'], description: 'Size of the model' },
      steps: { type: 'integer', min: 1, max: 100, default: 10, description: 'Steps of the training' },
    },
  });
  await startAgent({
    entity: team,
    queues: ['lab'],
    token: await api.agentToken(team, ['lab']),
    name: 'lab-1',
  });
  const launch = (name: string, priority: 'high' | 'medium' | 'low' = 'medium') =>
    api.launch(team, 'lab', {
      name,
      priority,
      entrypoint: PRINTER,
      templateValues: { size: 'small', steps: 20 },
    });
  const done = await launch('baseline');
  await api.untilState(done.id, 'finished');
  const failed = await api.launch(team, 'lab', {
    name: 'diverged',
    entrypoint: FAILING,
    templateValues: { size: 'large' },
  });
  await api.untilState(failed.id, 'failed');
  const image = (tag: string) => ({ type: 'image', image: `registry.example.com/train:${tag}` });
  const inputSchema = {
    type: 'object',
    required: ['lr'],
    properties: {
      lr: { type: 'number', maximum: 1, description: 'Learning rate' },
      optimizer: { enum: ['adam', 'sgd'] },
    },
  };
  await api.call('POST', `/entities/${team}/jobs`, { name: 'train', source: image('1') });
  await api.call('POST', `/entities/${team}/jobs/train/versions`, {
    source: image('2'),
    inputSchema,
    aliases: ['prod'],
  });
  await api.call('POST', `/entities/${team}/queues/lab/pause`, { note: 'GPU driver update until 15:00' });
  const waiting = await launch('sweep-1', 'high');
  await launch('sweep-2', 'low');
  return { team, queue: 'lab', run: done.id, failed: failed.id, waiting: waiting.id };
}

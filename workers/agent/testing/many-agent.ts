import { createAwsEnvironment } from '../environments/aws';
import { createGcpEnvironment } from '../environments/gcp';
import { createSageMakerRunner } from '../runners/sagemaker';
import { createVertexRunner } from '../runners/vertex';
import { createLogger } from '../support/logger';
import { composeAgent } from './compose';

const QUICK = { perSecond: 400, burst: 100 };
const board = { pollMs: 1000 };
const watch = { logMs: 1000, maxLogMs: 5000, settleMs: 1500 };

/**
 * A program: an agent for many runs at the clouds, whose calls go out a hundred times as quickly as real services would let them, so that
 * a test with many runs is no matter of minutes.
 */
export async function runManyAgent(env: NodeJS.ProcessEnv): Promise<number> {
  const log = createLogger({ level: 'debug', json: false });
  const sagemaker = createSageMakerRunner({
    environment: createAwsEnvironment('us-east-1'),
    timing: { board, watch, paces: { jobs: QUICK, logs: QUICK } },
  });
  const vertex = createVertexRunner({
    environment: createGcpEnvironment('us-central1', 'my-project'),
    timing: { board, watch, logPollMs: 1000, paces: { jobs: QUICK, logs: QUICK } },
  });
  const agent = await composeAgent({
    server: { baseUrl: env['SLIPWAY_BASE_URL'] ?? '', token: env['SLIPWAY_AGENT_TOKEN'] ?? '' },
    name: env['TEST_AGENT'] ?? 'one',
    runners: { sagemaker, 'gcp-vertex': vertex },
    stateDirectory: env['SLIPWAY_STATE_DIR'] ?? '',
    log,
  });
  process.once('SIGTERM', () => agent.leave());
  return agent.run();
}

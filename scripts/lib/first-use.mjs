// What a fresh local installation gets over HTTP, as any client would: first admin, API key, demo queue, agent token, demo run.
import { setTimeout as delay } from 'node:timers/promises';

const ADMIN = { email: 'admin@slipway.localhost', name: 'Admin', username: 'admin' };
export const DEMO_QUEUE = 'demo';

const DEMO_CONFIG = `# The demo queue runs on this machine, as plain processes.
# {{greeting}} is a template variable: whoever launches picks its value within the limits of its tile.
env:
  GREETING: "{{greeting}}"
  STEPS: "{{steps}}"
`;
const DEMO_TEMPLATES = {
  greeting: {
    type: 'string',
    default: 'Hello',
    options: ['Hello', 'Ahoy', 'Moin'],
    description: 'How the program greets',
  },
  steps: {
    type: 'integer',
    default: 5,
    min: 1,
    max: 60,
    description: 'How many steps it takes, half a second each',
  },
};
/** A program that any machine with Node.js can run, in the manner of a training script. */
export const demoLaunch = {
  name: 'hello-slipway',
  project: 'demo',
  entrypoint: [
    process.execPath,
    '-e',
    `const { GREETING, STEPS, SLIPWAY_RUN_NAME } = process.env;
console.log(GREETING + ' from ' + SLIPWAY_RUN_NAME);
let step = 0;
const timer = setInterval(() => {
  step += 1;
  console.log('step ' + step + ' of ' + STEPS + ', loss ' + (1 / (step + 1)).toFixed(3));
  if (step >= Number(STEPS)) { clearInterval(timer); console.log('done'); }
}, 500);`,
  ],
};

/** A client for one server; throws with the problem's own words. */
export function clientOf(baseUrl, apiKey) {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(apiKey ? { authorization: `Bearer ${apiKey}` } : { origin: baseUrl }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok)
      throw Object.assign(new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`), {
        status: response.status,
      });
    return response.headers.get('content-type')?.includes('json')
      ? JSON.parse(text)
      : { text, headers: response.headers };
  };
}

/** Waits until the server says it is ready. `failed` ends the wait. */
export async function waitReady(baseUrl, failed, patienceMs = 60_000) {
  for (const until = Date.now() + patienceMs; Date.now() < until; await delay(100)) {
    if (failed()) throw new Error('The server ended while it was starting.');
    const ready = await fetch(`${baseUrl}/readyz`).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) return;
  }
  throw new Error(`The server was not ready after ${patienceMs / 1000} s.`);
}

/** Signs in as a browser does and makes an API key. */
export async function makeApiKey(baseUrl, email, password) {
  const jar = new Map();
  const keep = (response) => {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair] = cookie.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const { csrfToken } = await keep(await fetch(`${baseUrl}/api/auth/csrf`)).json();
  const form = new URLSearchParams({ csrfToken, email, password, json: 'true' });
  const signedIn = keep(
    await fetch(`${baseUrl}/api/auth/callback/credentials`, {
      method: 'POST',
      headers: { cookie: cookie(), 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
      redirect: 'manual',
    }),
  );
  if (![...jar.keys()].some((name) => name.includes('session-token')))
    throw new Error(`Signing in as ${email} failed (status ${signedIn.status}).`);
  const { key } = await clientOf(baseUrl)(
    'POST',
    '/api/v1/api-keys',
    { name: 'npm run up', expiresInDays: null },
    { cookie: cookie() },
  );
  return key;
}

/**
 * Makes what is missing and keeps what is there; `known` is the dev.json of an earlier start.
 * @returns {Promise<{ email: string, password: string, apiKey: string, agentToken: string, entity: string }>}
 */
export async function firstUse(baseUrl, { adminPassword, known }) {
  const open = clientOf(baseUrl);
  const { needed } = await open('GET', '/api/v1/setup');
  if (needed)
    await open('POST', '/api/v1/setup', {
      ...ADMIN,
      password: adminPassword,
      ...(process.env.SLIPWAY_SETUP_TOKEN ? { token: process.env.SLIPWAY_SETUP_TOKEN } : {}),
    });
  const works = async (key) => {
    try {
      return await clientOf(baseUrl, key)('GET', '/api/v1/viewer');
    } catch (error) {
      if (error.status === 401) return null;
      throw error;
    }
  };
  const email = known?.email ?? ADMIN.email;
  const password = known?.password ?? adminPassword;
  let apiKey = needed ? undefined : known?.apiKey;
  let viewer = apiKey ? await works(apiKey) : null;
  if (!viewer) {
    apiKey = await makeApiKey(baseUrl, email, password);
    viewer = await works(apiKey);
  }
  const entity = viewer.entities.find(({ kind }) => kind === 'user').name;
  const api = clientOf(baseUrl, apiKey);
  const queues = `/api/v1/entities/${entity}/queues`;
  const missing = await api('GET', `${queues}/${DEMO_QUEUE}`).then(
    () => false,
    (error) => {
      if (error.status === 404) return true;
      throw error;
    },
  );
  if (missing && (needed || !known)) {
    await api('POST', queues, {
      name: DEMO_QUEUE,
      resource: 'local-process',
      prioritized: true,
      description: 'Runs on this machine, to try Slipway with.',
      config: { format: 'yaml', source: DEMO_CONFIG },
      templates: DEMO_TEMPLATES,
    });
  }
  let agentToken = needed ? undefined : known?.agentToken;
  const tokens = await api('GET', `/api/v1/entities/${entity}/agent-tokens`);
  if (!agentToken || !tokens.items.some(({ prefix }) => agentToken.startsWith(prefix))) {
    const scope = missing && !needed && known ? [] : [DEMO_QUEUE];
    ({ token: agentToken } = await api('POST', `/api/v1/entities/${entity}/agent-tokens`, {
      name: `agent of this machine`,
      queues: scope,
      expiresInDays: null,
    }));
  }
  if (needed) await api('POST', `${queues}/${DEMO_QUEUE}/runs`, demoLaunch);
  return { email, password, apiKey, agentToken, entity };
}

import { quoteWord } from '@/core/command';
import type { LaunchInput } from '@/core/wire';
import { path } from '../lib/api';

/** The request that does the same as the form, for a shell; the key stays in a variable of that shell. */
export function curlCommand(origin: string, entity: string, queue: string, launch: LaunchInput): string {
  const address = `${origin}/api/v1${path('entities', entity, 'queues', queue, 'runs')}`;
  return [
    `curl -sS --fail-with-body ${quoteWord(address)}`,
    `  -H "Authorization: Bearer $SLIPWAY_API_KEY" -H 'Content-Type: application/json'`,
    `  --data ${quoteWord(JSON.stringify(launch))}`,
  ].join(' \\\n');
}

import type { ResolvedRef } from '@/core/wire';
import { requireEntity } from '../access/require-entity';
import type { Actor } from '../access/actor';
import type { Services } from '../services';
import { resolveRef } from './git-ref';

/** The commit that a job of the entity would get, for somebody who may make one. */
export async function lookUpRef(
  s: Services,
  actor: Actor,
  input: { entity: string; repository: string; ref?: string | undefined },
): Promise<ResolvedRef> {
  await requireEntity(s, actor, input.entity, 'member');
  return resolveRef(s.config, input);
}

import type { FieldError, JobSource } from '@/core/wire';
import type { Services } from '../services';
import { findArtifact } from './find';

/** What is wrong with a source of uploaded code: the entity does not have its archive. Notes that the archive is in use. */
export async function missingArtifact(
  s: Services,
  entityId: string,
  source: JobSource | undefined,
): Promise<FieldError[]> {
  if (source?.type !== 'code' || (await findArtifact(s, entityId, source.artifact, { use: true }))) return [];
  const message =
    'is not there: the archive was not uploaded to this entity, or was removed since nothing used it. "slipway launch --path" and "slipway job create code" upload it';
  return [{ path: 'source.artifact', message }];
}

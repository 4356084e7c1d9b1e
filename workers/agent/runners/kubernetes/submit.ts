import type { JsonObject } from '@/core/wire';
import type { KubeClient } from '../../kube/client';
import { objectPath, type KubeResource } from '../../kube/discovery';
import { kubeStatus } from '../../kube/errors';
import type { KubeObject } from '../../kube/types';
import type { Patience } from '../types';
import { persist, unlessMissing } from './failures';
import type { ObjectRef } from './ref';
import { RUN_LABEL } from './tracked';

const SECRET = { apiVersion: 'v1', plural: 'secrets', namespaced: true };

export const secretPath = (namespace: string, name?: string) => objectPath(SECRET, namespace, name);

/** A Secret that goes with the run. */
export interface RunSecret {
  name: string;
  type: 'Opaque' | 'kubernetes.io/dockerconfigjson';
  /** Plain texts by key. */
  values: Record<string, string>;
}

/**
 * Creates the object unless it is there. Its Secrets come first, so that no pod waits for one, and get the object as their owner as soon
 * as there is one: they go when it goes.
 *
 * @throws KubeError as the API refuses
 */
export async function createObject(
  client: KubeClient,
  resource: KubeResource,
  ref: ObjectRef,
  document: JsonObject,
  secrets: RunSecret[],
  patience: Patience,
): Promise<void> {
  const runId = labelOf(document);
  for (const secret of secrets) await putSecret(client, ref.namespace, secret, runId, patience);
  const path = objectPath(resource, ref.namespace);
  const body = document;
  // Of a Job every field is known, and a misspelt one is a mistake; definitions of others leave fields out that their users write.
  const fieldValidation = resource.kind === 'Job' ? 'Strict' : 'Warn';
  const onWarning = (message: string) => {
    if (resource.kind !== 'Job') patience.warn?.('ClusterWarning', message);
  };
  const created = await persist(async (signal) => {
    try {
      return await client.request<KubeObject>(path, {
        method: 'POST',
        query: { fieldValidation },
        body,
        signal,
        onWarning,
      });
    } catch (error) {
      if (kubeStatus(error) !== 409) throw error;
      const there = await unlessMissing(
        client.request<KubeObject>(objectPath(resource, ref.namespace, ref.name), { signal }),
      );
      if (there?.metadata.labels?.[RUN_LABEL] !== runId) throw error;
      // Created by a request whose answer was lost, or by the agent before.
      return there;
    }
  }, patience);
  for (const { name } of secrets) await own(client, ref, name, created.metadata.uid ?? '', patience);
}

async function putSecret(
  client: KubeClient,
  namespace: string,
  { name, type, values }: RunSecret,
  runId: string,
  patience: Patience,
): Promise<void> {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { [RUN_LABEL]: runId } },
    type,
    data,
  };
  await persist(async (signal) => {
    try {
      await client.request(secretPath(namespace), { method: 'POST', body, signal });
    } catch (error) {
      if (kubeStatus(error) !== 409) throw error;
      // Of an earlier execution, with values that may have changed since.
      await unlessMissing(client.request(secretPath(namespace, name), { method: 'DELETE', signal }));
      await client.request(secretPath(namespace), { method: 'POST', body, signal });
    }
  }, patience);
}

/** Makes the object the owner of a Secret; one that is not there needs none. */
export async function own(
  client: KubeClient,
  ref: ObjectRef,
  secret: string,
  uid: string,
  patience: Patience,
): Promise<void> {
  const { apiVersion, kind, name, namespace } = ref;
  const body = { metadata: { ownerReferences: [{ apiVersion, kind, name, uid }] } };
  const path = secretPath(namespace, secret);
  await persist((signal) => unlessMissing(client.request(path, { method: 'PATCH', body, signal })), patience);
}

function labelOf(document: JsonObject): string {
  const { metadata } = document as unknown as KubeObject;
  return metadata.labels?.[RUN_LABEL] ?? '';
}

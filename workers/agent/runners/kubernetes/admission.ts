import type { KubeClient } from '../../kube/client';
import type { KubeList, KubeObject } from '../../kube/types';

/** Versions of Kueue's books, the newest first. */
const WORKLOADS = ['kueue.x-k8s.io/v1beta2', 'kueue.x-k8s.io/v1beta1'];
const QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** Why Kueue holds an object back, by the Workload it keeps for it; null when it is not Kueue's or its books may not be read. */
export async function admissionReason(
  client: KubeClient,
  namespace: string,
  object: KubeObject,
  signal: AbortSignal,
): Promise<{ reason: string; message: string } | null> {
  const { labels = {}, uid = '' } = object.metadata;
  if (labels[QUEUE_LABEL] === undefined) return null;
  for (const version of WORKLOADS) {
    const path = `/apis/${version}/namespaces/${encodeURIComponent(namespace)}/workloads`;
    try {
      const list = await client.request<KubeList>(path, {
        query: { labelSelector: `kueue.x-k8s.io/job-uid=${uid}` },
        signal,
      });
      const conditions = (list.items[0]?.status?.['conditions'] ?? []) as unknown as Condition[];
      const open = conditions.find(
        ({ type, status }) => status === 'False' && ['QuotaReserved', 'Admitted', 'PodsReady'].includes(type),
      );
      if (open) return { reason: open.reason ?? open.type, message: open.message ?? '' };
    } catch {
      // Another version, no permission, no answer: the object's own conditions say something too.
    }
  }
  return null;
}

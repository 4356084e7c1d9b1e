/** Which object a run is; enough for any agent of the cluster to find it. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
}

/** `batch/v1/Job/training/abc123def456`. */
export const formatRef = ({ apiVersion, kind, namespace, name }: ObjectRef): string =>
  `${apiVersion}/${kind}/${namespace}/${name}`;

/** @throws Error for a text that is no reference */
export function parseRef(text: string): ObjectRef {
  const match = /^((?:[^/]+\/)?[^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(text);
  if (!match) throw new Error(`"${text}" names no object of a cluster.`);
  const [, apiVersion = '', kind = '', namespace = '', name = ''] = match;
  return { apiVersion, kind, namespace, name };
}

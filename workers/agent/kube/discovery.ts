import { kubeStatus } from './errors';
import type { KubeClient } from './client';

/** How objects of one kind are addressed. */
export interface KubeResource {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  /** Whether status is a part of its own, so that writing the object does not write it. */
  hasStatus: boolean;
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}

export const JOB: KubeResource = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  plural: 'jobs',
  namespaced: true,
  hasStatus: true,
};

/** Where the objects of a version of a group are. */
export const apiPath = (apiVersion: string): string =>
  apiVersion.includes('/')
    ? `/apis/${apiVersion.split('/').map(encodeURIComponent).join('/')}`
    : `/api/${encodeURIComponent(apiVersion)}`;

/** Path of a collection, or of one object of it. */
export function objectPath(
  resource: Pick<KubeResource, 'apiVersion' | 'plural' | 'namespaced'>,
  namespace: string,
  name?: string,
): string {
  const scope = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const own = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${apiPath(resource.apiVersion)}${scope}/${resource.plural}${own}`;
}

/** Looks kinds up at the API: plural, scope and status. What was found is remembered; what was not is asked again. */
export class Discovery {
  private readonly found = new Map<string, KubeResource>();
  private readonly asking = new Map<string, Promise<KubeResource | null>>();

  constructor(private readonly client: KubeClient) {}

  /** Null when the cluster does not know the kind (its CRD is not installed). */
  find(apiVersion: string, kind: string, signal?: AbortSignal): Promise<KubeResource | null> {
    if (apiVersion === JOB.apiVersion && kind === JOB.kind) return Promise.resolve(JOB);
    const key = `${apiVersion} ${kind}`;
    const known = this.found.get(key);
    if (known) return Promise.resolve(known);
    let asked = this.asking.get(key);
    if (!asked) {
      asked = this.ask(apiVersion, kind, signal).finally(() => this.asking.delete(key));
      this.asking.set(key, asked);
    }
    return asked;
  }

  private async ask(apiVersion: string, kind: string, signal?: AbortSignal): Promise<KubeResource | null> {
    let list: ResourceList;
    try {
      list = await this.client.request<ResourceList>(apiPath(apiVersion), { signal });
    } catch (error) {
      if (kubeStatus(error) === 404) return null;
      throw error;
    }
    const own = list.resources.find((item) => item.kind === kind && !item.name.includes('/'));
    if (!own) return null;
    const resource: KubeResource = {
      apiVersion,
      kind,
      plural: own.name,
      namespaced: own.namespaced,
      hasStatus: list.resources.some(({ name }) => name === `${own.name}/status`),
    };
    this.found.set(`${apiVersion} ${kind}`, resource);
    return resource;
  }
}

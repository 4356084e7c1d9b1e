import { connectKube, type KubeClient } from '../../kube/client';
import type { KubeSettings } from '../../kube/credentials';
import { Discovery, type KubeResource } from '../../kube/discovery';
import { RunFailure, type Patience } from '../types';
import { notInstalled, persist } from './failures';
import { NamespaceHub } from './hub';

/** The cluster of the agent: one connection, what was discovered of it, and the watches of each namespace. */
export class RunCluster {
  private readonly hubs = new Map<string, NamespaceHub>();

  private constructor(
    readonly client: KubeClient,
    private readonly discovery: Discovery,
  ) {}

  static async connect(settings: KubeSettings): Promise<RunCluster> {
    const client = await connectKube(settings);
    return new RunCluster(client, new Discovery(client));
  }

  hub(namespace: string): NamespaceHub {
    const known = this.hubs.get(namespace) ?? new NamespaceHub(this.client, namespace);
    this.hubs.set(namespace, known);
    return known;
  }

  /** @throws RunFailure when the cluster does not know the kind */
  async resource(apiVersion: string, kind: string, patience: Patience): Promise<KubeResource> {
    const found = await persist((signal) => this.discovery.find(apiVersion, kind, signal), patience);
    if (found) return found;
    throw new RunFailure({ phase: 'submit', category: 'config', message: notInstalled(apiVersion, kind) });
  }

  close(): void {
    for (const hub of this.hubs.values()) hub.close();
  }
}

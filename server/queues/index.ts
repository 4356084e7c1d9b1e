import type {
  CreateQueue, Launch, Page, PageQuery, ParseAnswer, ParseRequest, Preview, Queue, QueueOverrides, QueueSummary, QueueVersion, ResourceId,
  RetryPolicy, TemplateVariables, UpdateQueue, Json,
} from '@/core/wire';
import type { Actor } from '../access/actor';
import type { Services } from '../services';

type In = { entity: string; queue: string };
/** What enqueue has to know of a queue; cached. */
export interface LaunchQueue {
  id: string;
  entityId: string;
  entity: string;
  name: string;
  resource: ResourceId;
  prioritized: boolean;
  overrideAllow: string[];
  retryPolicy: RetryPolicy;
  maxInFlight: number | null;
  startTimeoutSeconds: number;
  stopGraceSeconds: number | null;
  version: number;
  /** core/templates ConfigTree of the current version. */
  tree: Json;
  templates: TemplateVariables;
}
export declare function createQueue(s: Services, actor: Actor, input: { entity: string } & CreateQueue): Promise<Queue>;
export declare function getQueue(s: Services, actor: Actor, input: In): Promise<Queue>;
export declare function listQueues(s: Services, actor: Actor, input: { entity: string } & Partial<PageQuery>): Promise<Page<QueueSummary>>;
export declare function updateQueue(s: Services, actor: Actor, input: In & UpdateQueue): Promise<Queue>;
export declare function deleteQueue(s: Services, actor: Actor, input: In & { force?: boolean }): Promise<void>;
export declare function pauseQueue(s: Services, actor: Actor, input: In & { note: string }): Promise<Queue>;
export declare function resumeQueue(s: Services, actor: Actor, input: In): Promise<Queue>;
export declare function listVersions(s: Services, actor: Actor, input: In & Partial<PageQuery>): Promise<Page<QueueVersion>>;
export declare function getVersion(s: Services, actor: Actor, input: In & { version: number }): Promise<QueueVersion>;
export declare function restoreVersion(s: Services, actor: Actor, input: In & { version: number; note?: string }): Promise<Queue>;
export declare function queueOverrides(s: Services, actor: Actor, input: In): Promise<QueueOverrides>;
export declare function previewLaunch(s: Services, actor: Actor, input: In & { launch: Launch }): Promise<Preview>;
export declare function parseQueueConfig(input: ParseRequest): ParseAnswer;
/** Not-found when there is none (or it is deleted). */
export declare function findQueue(s: Services, entityId: string, name: string): Promise<{ id: string; name: string; resource: ResourceId; prioritized: boolean }>;
export declare function queueForLaunch(s: Services, entityId: string, name: string): Promise<LaunchQueue>;

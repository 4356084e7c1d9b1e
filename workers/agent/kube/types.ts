import type { Json, JsonObject } from '@/core/wire';

/** What every object of the API has; the rest is read where it is needed. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: KubeMeta;
  spec?: JsonObject;
  status?: JsonObject;
  [key: string]: unknown;
}

export interface KubeMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string }[];
  finalizers?: string[];
}

export interface KubeList {
  metadata: { resourceVersion?: string; continue?: string };
  items: KubeObject[];
}

/** Answer of the API to what it refuses. */
export interface KubeStatus {
  code?: number;
  reason?: string;
  message?: string;
  details?: { causes?: { field?: string; message?: string }[]; retryAfterSeconds?: number };
}

export type Query = Record<string, string | number | boolean | undefined>;

export interface KubeRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Query;
  body?: Json;
  /** Of a PATCH: merge patch unless said otherwise. */
  contentType?: string;
  signal?: AbortSignal;
  /** Told of what the API warns of (fields it does not know, versions that go away). */
  onWarning?: (message: string) => void;
  /** Milliseconds until the answer must have begun. */
  timeoutMs?: number;
}

import { z } from 'zod';
import type { GcpEnvironment } from '../../environments';
import { CloudError } from '../../environments';
import { Pace } from '../remote/pace';
import { GoogleRest } from './rest';

/** Calls a second of one agent; Vertex AI allows a project some ten reads a second in a region, Cloud Logging one reading a second. */
const PACES = {
  jobs: { perSecond: 4, burst: 8 },
  logs: { perSecond: 0.8, burst: 3 },
};
const PAGE = 100;

/** As much of a `CustomJob` as is used. */
const customJobSchema = z.object({
  /** `projects/P/locations/L/customJobs/ID`. */
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  state: z.string().default('JOB_STATE_UNSPECIFIED'),
  startTime: z.string().optional(),
  error: z.object({ code: z.number().default(0), message: z.string().default('') }).optional(),
  jobSpec: z
    .object({
      workerPoolSpecs: z
        .array(
          z.object({
            replicaCount: z.coerce.number().default(1),
            machineSpec: z.object({ machineType: z.string().default('') }).default({ machineType: '' }),
          }),
        )
        .default([]),
      scheduling: z.object({ strategy: z.string().optional() }).optional(),
    })
    .default({ workerPoolSpecs: [] }),
  webAccessUris: z.record(z.string(), z.string()).default({}),
});
export type CustomJob = z.infer<typeof customJobSchema>;
const customJobsSchema = z.object({
  customJobs: z.array(customJobSchema).default([]),
  nextPageToken: z.string().optional(),
});

const logEntrySchema = z.object({
  insertId: z.string().default(''),
  timestamp: z.string().default(''),
  severity: z.string().default(''),
  textPayload: z.string().optional(),
  jsonPayload: z.record(z.string(), z.unknown()).optional(),
  resource: z.object({ labels: z.record(z.string(), z.string()).default({}) }).default({ labels: {} }),
});
export type LogEntry = z.infer<typeof logEntrySchema>;
const logPageSchema = z.object({
  entries: z.array(logEntrySchema).default([]),
  nextPageToken: z.string().optional(),
});

/** Where a job is made. */
export interface Place {
  project: string;
  location: string;
}

/**
 * Vertex AI (regional) and Cloud Logging by REST. Other addresses than Google's public ones are taken from the variables that the gcloud
 * command line knows too: `CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM` and `CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING`.
 */
export class VertexApi {
  private readonly rest: GoogleRest;
  private readonly jobs: Pace;
  private readonly logs: Pace;

  constructor(environment: GcpEnvironment, paces = PACES) {
    this.rest = new GoogleRest(environment);
    this.jobs = new Pace(paces.jobs);
    this.logs = new Pace(paces.logs);
  }

  async create({ project, location }: Place, body: string, signal: AbortSignal): Promise<CustomJob> {
    const url = `${vertexBase(location)}/v1/projects/${project}/locations/${location}/customJobs`;
    const call = { method: 'POST', url, body, doing: 'create the custom job', permission: 'aiplatform.customJobs.create' } as const; // prettier-ignore
    return this.rest.call(customJobSchema, call, this.jobs, signal);
  }

  /** All jobs of a place that match a filter of the interface. */
  async list({ project, location }: Place, filter: string, signal: AbortSignal): Promise<CustomJob[]> {
    const found: CustomJob[] = [];
    let token: string | undefined;
    do {
      const query = new URLSearchParams({ filter, pageSize: String(PAGE) });
      if (token) query.set('pageToken', token);
      const url = `${vertexBase(location)}/v1/projects/${project}/locations/${location}/customJobs?${query}`;
      const call = {
        method: 'GET',
        url,
        doing: 'list custom jobs',
        permission: 'aiplatform.customJobs.list',
      } as const;
      const page = await this.rest.call(customJobsSchema, call, this.jobs, signal);
      found.push(...page.customJobs);
      token = page.nextPageToken;
    } while (token);
    return found;
  }

  /** By its whole name; null: there is none. */
  async get(name: string, location: string, signal: AbortSignal): Promise<CustomJob | null> {
    const url = `${vertexBase(location)}/v1/${name}`;
    const call = {
      method: 'GET',
      url,
      doing: 'look at the custom job',
      permission: 'aiplatform.customJobs.get',
    } as const;
    try {
      return await this.rest.call(customJobSchema, call, this.jobs, signal);
    } catch (error) {
      if (error instanceof CloudError && error.reason === 'not-found') return null;
      throw error;
    }
  }

  /** Asks a job to end; one that has ended already, or is gone, is no error. */
  async cancel(name: string, location: string, signal: AbortSignal): Promise<void> {
    const url = `${vertexBase(location)}/v1/${name}:cancel`;
    const call = { method: 'POST', url, body: '{}', doing: 'cancel the custom job', permission: 'aiplatform.customJobs.cancel' } as const; // prettier-ignore
    try {
      await this.rest.call(z.object({}), call, this.jobs, signal);
    } catch (error) {
      const over = error instanceof CloudError && (error.reason === 'not-found' || error.reason === 'config');
      if (!over) throw error;
    }
  }

  /** A page of log entries in order of time. */
  async entries(project: string, filter: string, pageToken: string | undefined, signal: AbortSignal) {
    const body = JSON.stringify({
      resourceNames: [`projects/${project}`],
      filter,
      orderBy: 'timestamp asc',
      pageSize: 1000,
      pageToken,
    });
    const url = `${loggingBase()}/v2/entries:list`;
    const call = { method: 'POST', url, body, doing: 'read the log of the job', permission: 'logging.logEntries.list' } as const; // prettier-ignore
    return this.rest.call(logPageSchema, call, this.logs, signal);
  }
}

const vertexBase = (location: string): string =>
  override('AIPLATFORM') ?? `https://${location}-aiplatform.googleapis.com`;
const loggingBase = (): string => override('LOGGING') ?? 'https://logging.googleapis.com';

function override(api: 'AIPLATFORM' | 'LOGGING'): string | undefined {
  return process.env[`CLOUDSDK_API_ENDPOINT_OVERRIDES_${api}`]?.replace(/\/+$/, '') || undefined;
}

export type ApiCall = <T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<T>;
export const DEMO_QUEUE: string;
export const demoLaunch: { name: string; project: string; entrypoint: string[] };
export function clientOf(baseUrl: string, apiKey?: string): ApiCall;
export function waitReady(baseUrl: string, failed: () => boolean, patienceMs?: number): Promise<void>;
export function makeApiKey(baseUrl: string, email: string, password: string): Promise<string>;

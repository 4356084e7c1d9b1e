import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import Ajv2020 from 'ajv/dist/2020';
import type { Bus } from '../events';
import { agentSideEndpoints } from './agent';
import { renderDocs } from './docs-page';
import { openApiDocument } from './openapi';
import { createStreamHub } from './stream-hub';
import { accessEndpoints } from './v1/access';
import { agentEndpoints } from './v1/agents';
import { credentialEndpoints } from './v1/credentials';
import { jobEndpoints } from './v1/jobs';
import { queueEndpoints } from './v1/queues';
import { runEndpoints } from './v1/runs';
import { streamEndpoints } from './v1/stream';

const silent: Bus = {
  publish: () => {},
  subscribe: () => () => {},
  onGap: () => () => {},
  close: () => Promise.resolve(),
};
const hub = createStreamHub(silent);
const endpoints = [
  ...accessEndpoints,
  ...queueEndpoints,
  ...runEndpoints,
  ...jobEndpoints,
  ...agentEndpoints,
  ...credentialEndpoints,
  ...streamEndpoints(hub),
  ...agentSideEndpoints,
];
const document = openApiDocument(endpoints, '1.2.3');
hub.close();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

const contentSchema = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));

describe('the OpenAPI document', () => {
  it('has every call once, with its own id, its path parameters and a good and a bad answer', () => {
    expect(operations).toHaveLength(endpoints.length);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(endpoints.length);
    for (const { path, method, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        operation.parameters
          .filter((each) => each.in === 'path')
          .map(({ name }) => name)
          .sort(),
        path,
      ).toEqual(inPath.sort());
      expect(
        Object.keys(operation.responses).some((status) => /^20[0-4]$/.test(status)),
        path,
      ).toBe(true);
      expect(operation.responses.default, path).toBeDefined();
      for (const [status, response] of Object.entries(operation.responses)) {
        if (/^20[01]$/.test(status))
          expect(() => contentSchema.parse(response.content), `${method} ${path} ${status}`).not.toThrow();
      }
    }
  });

  it('resolves every reference', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference ?? '',
    );
    for (const reference of references) {
      const target = reference
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
      expect(target, reference).toBeDefined();
    }
  });

  it('names the schemas of the contract as components, each of them valid', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(
      expect.arrayContaining(['Queue', 'Run', 'Launch', 'Preview', 'Problem', 'Agent', 'LeasedRun']),
    );
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'doc', components: document.components });
    for (const name of names)
      expect(() => ajv.compile({ $ref: `doc#/components/schemas/${name}` }), name).not.toThrow();
  });

  it('tells what may be left out of a request from what an answer always has', () => {
    const { Launch } = document.components.schemas;
    expect(Launch?.required ?? []).not.toContain('templateValues');
    expect(document.components.schemas.Run?.required).toContain('templateValues');
  });
});

describe('the page', () => {
  it('describes every call and loads nothing', () => {
    const page = renderDocs(document);
    for (const { operation } of operations) expect(page).toContain(`id="${operation.operationId}"`);
    expect(page).not.toMatch(/<script|https?:\/\/|@import|url\(/);
    expect(page).not.toMatch(/undefined|\[object Object\]/);
  });
});

describe('the guide', () => {
  it('lists every call, and no other', () => {
    const guide = readFileSync(path.resolve(import.meta.dirname, '../../docs/guides/http.md'), 'utf8');
    const listed = [...guide.matchAll(/^\| `(GET|POST|PUT|PATCH|DELETE) ([^`]+)`/gm)].map(
      ([, method, call]) => `${method} ${call}`,
    );
    const offered = operations.map(({ path: call, method }) => `${method.toUpperCase()} ${call}`);
    expect(listed.toSorted()).toEqual(offered.toSorted());
  });
});

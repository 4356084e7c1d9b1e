import { describe, expect, it } from 'vitest';
import type { JsonObject, TemplateValues, TemplateVariables } from '@/core/wire';
import { checkAllowList, checkOverrides, parseConfig, resolveConfig } from '.';

const SOURCE = `kubernetes:
  spec:
    template:
      spec:
        nodeSelector: {pool: cpu}
        containers:
          - name: main
            resources: {limits: {cpu: "{{cpus}}", memory: "{{memory}}Gi", nvidia.com/gpu: {{gpus}}}}
  metadata: {labels: {}}
builder: {accelerator: {base_image: "cuda:{{cuda}}"}}
`;
const TEMPLATES: TemplateVariables = {
  cpus: { type: 'integer', default: 2 },
  memory: { type: 'integer', default: 4 },
  gpus: { type: 'integer', max: 8 },
  cuda: { type: 'string', default: '12' },
};

function resolve(values: TemplateValues, resourceArgs?: JsonObject, overrideAllow: string[] = []) {
  const { tree } = parseConfig({ resource: 'kubernetes', format: 'yaml', source: SOURCE });
  if (tree === null) throw new Error('unreadable');
  return resolveConfig({
    resource: 'kubernetes',
    tree,
    templates: TEMPLATES,
    values,
    resourceArgs,
    overrideAllow,
  });
}
const containers = '/spec/template/spec/containers/0';

describe('resolveConfig', () => {
  it('puts values in by type, takes wrapper and builder away, and knows where each leaf comes from', () => {
    expect(resolve({ gpus: '1' })).toEqual({
      ok: true,
      config: {
        spec: {
          template: {
            spec: {
              nodeSelector: { pool: 'cpu' },
              containers: [
                { name: 'main', resources: { limits: { cpu: 2, memory: '4Gi', 'nvidia.com/gpu': 1 } } },
              ],
            },
          },
        },
        metadata: { labels: {} },
      },
      origins: {
        '/spec/template/spec/nodeSelector/pool': 'queue',
        [`${containers}/name`]: 'queue',
        [`${containers}/resources/limits/cpu`]: 'template',
        [`${containers}/resources/limits/memory`]: 'template',
        [`${containers}/resources/limits/nvidia.com~1gpu`]: 'template',
        '/metadata/labels': 'queue',
      },
      builder: { acceleratorBaseImage: 'cuda:12' },
    });
  });

  it('reports wrong values and forbidden overrides together', () => {
    expect(
      resolve({ gpus: 9, cpu: 1 }, { spec: { template: { spec: { hostNetwork: true } } } }, ['metadata']),
    ).toEqual({
      ok: false,
      errors: [
        { path: 'templateValues.cpu', message: 'There is no variable "cpu" (did you mean "cpus"?).' },
        { path: 'templateValues.gpus', message: '"gpus" must be at most 8, not 9.' },
        {
          path: 'resourceArgs.spec.template.spec.hostNetwork',
          message: '"spec.template.spec.hostNetwork" cannot be overridden: allowed are metadata.',
        },
      ],
    });
  });

  it('merges permitted overrides deeply, with or without the wrapper', () => {
    const args = { spec: { template: { spec: { nodeSelector: { zone: 'a' } } } } };
    const plain = resolve({ gpus: 1 }, args, ['spec.template.spec.nodeSelector']);
    expect(plain).toMatchObject({
      ok: true,
      config: { spec: { template: { spec: { nodeSelector: { pool: 'cpu', zone: 'a' } } } } },
      origins: {
        '/spec/template/spec/nodeSelector/pool': 'queue',
        '/spec/template/spec/nodeSelector/zone': 'override',
      },
    });
    expect(resolve({ gpus: 1 }, { kubernetes: args }, ['/spec/template/spec/nodeSelector'])).toEqual(plain);
  });

  it('overrides items of a list by position, and only those that are there', () => {
    const limits = (index: string) => ({
      spec: { template: { spec: { containers: { [index]: { resources: { limits: { cpu: 16 } } } } } } },
    });
    const allow = ['/spec/template/spec/containers/*/resources/limits/cpu'];
    expect(resolve({ gpus: 1 }, limits('0'), allow)).toMatchObject({
      ok: true,
      config: {
        spec: {
          template: {
            spec: { containers: [{ name: 'main', resources: { limits: { cpu: 16, memory: '4Gi' } } }] },
          },
        },
      },
    });
    expect(resolve({ gpus: 1 }, limits('1'), allow)).toMatchObject({ ok: false });
    const whole = { spec: { template: { spec: { containers: [{ image: 'evil' }] } } } };
    expect(resolve({ gpus: 1 }, whole, allow)).toMatchObject({ ok: false });
  });

  it('does not let an override reach through a single value', () => {
    const args = { spec: { template: { spec: { nodeSelector: { pool: { x: 1 } } } } } };
    expect(resolve({ gpus: 1 }, args, ['spec.template.spec.nodeSelector.pool.x'])).toMatchObject({
      ok: false,
    });
    const own = { spec: { template: { spec: { nodeSelector: { pool: 'gpu' } } } } };
    expect(resolve({ gpus: 1 }, own, ['spec.template.spec.nodeSelector.pool'])).toMatchObject({ ok: true });
    // Allowed, but nothing that Kubernetes would take.
    expect(resolve({ gpus: 1 }, args, ['spec.template.spec.nodeSelector.pool'])).toMatchObject({
      ok: false,
      errors: [{ message: expect.stringContaining('must be a text, not a map') }],
    });
  });

  it('holds overrides to the checks of the resource', () => {
    const { tree } = parseConfig({ resource: 'local-container', format: 'yaml', source: 'rm: true' });
    if (tree === null) throw new Error('unreadable');
    const base = { resource: 'local-container' as const, tree, templates: {}, values: {} };
    expect(resolveConfig({ ...base, resourceArgs: { name: 'mine' }, overrideAllow: ['name'] })).toMatchObject(
      {
        ok: false,
        errors: [{ path: 'resourceArgs.name' }],
      },
    );
    expect(resolveConfig({ ...base, resourceArgs: { env: ['A=1'] }, overrideAllow: ['env'] })).toMatchObject({
      ok: true,
      config: { rm: true, env: ['A=1'] },
      origins: { '/rm': 'queue', '/env/0': 'override' },
    });
  });

  it('treats __proto__ as a key like any other', () => {
    const { tree } = parseConfig({
      resource: 'local-process',
      format: 'json',
      source: '{"env": {"__proto__": "a"}}',
    });
    if (tree === null) throw new Error('unreadable');
    const resourceArgs = JSON.parse('{"env": {"__proto__": {"polluted": 1}}}') as JsonObject;
    const resolved = resolveConfig({
      resource: 'kubernetes',
      tree,
      templates: {},
      values: {},
      resourceArgs,
      overrideAllow: ['env'],
    });
    expect(resolved.ok && JSON.stringify(resolved.config)).toBe('{"env":{"__proto__":{"polluted":1}}}');
    expect('polluted' in {}).toBe(false);
  });

  it('says which variable an old version uses without a tile', () => {
    const { tree } = parseConfig({ resource: 'local-process', format: 'yaml', source: 'cwd: {{a}}' });
    if (tree === null) throw new Error('unreadable');
    const resolved = resolveConfig({
      resource: 'local-process',
      tree,
      templates: {},
      values: {},
      overrideAllow: [],
    });
    expect(resolved).toMatchObject({ ok: false, errors: [{ path: 'templateValues.a' }] });
  });
});

describe('allow-lists', () => {
  it('take dotted paths, brackets and JSON pointers, and name what is neither', () => {
    expect(
      checkAllowList(['a.b', '/a~1b/*', 'limits["nvidia.com/gpu"]', 'a..b', '.a', '', '/']).map(
        ({ path }) => path,
      ),
    ).toEqual(['overrideAllow.3', 'overrideAllow.4', 'overrideAllow.5']);
  });

  it('permit what is below a path, and nothing beside or above it', () => {
    const allowed = (args: JsonObject, ...paths: string[]) => checkOverrides(args, paths).length === 0;
    expect(allowed({ a: { b: { c: 1 } } }, 'a.b')).toBe(true);
    expect(allowed({ a: { b: 1 } }, 'a.*')).toBe(true);
    expect(allowed({ a: { 'x.y': 1 } }, 'a["x.y"]')).toBe(true);
    expect(allowed({ a: 1 }, 'a.b')).toBe(false);
    expect(allowed({ a: {} }, 'a.b')).toBe(false);
    expect(allowed({ a: { c: 1 } }, 'a.b')).toBe(false);
    expect(allowed({ ab: 1 }, 'a')).toBe(false);
    expect(allowed({ a: 1 })).toBe(false);
    expect(allowed({})).toBe(true);
  });
});

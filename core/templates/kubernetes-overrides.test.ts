import { describe, expect, it } from 'vitest';
import { treeFromJson } from '@/core/config-tree';
import type { Json, JsonObject } from '@/core/wire';
import { resolveConfig } from './resolve';

const CONFIG: JsonObject = {
  spec: {
    template: {
      spec: {
        nodeSelector: { pool: 'cpu' },
        containers: [
          { env: [{ name: 'A', value: '1' }], securityContext: { runAsNonRoot: true } },
          { name: 'log', image: 'log:1', ports: [{ containerPort: 80 }] },
        ],
      },
    },
  },
};
const resolve = (pod: Json, overrideAllow: string[]) =>
  resolveConfig({
    resource: 'kubernetes',
    tree: treeFromJson(CONFIG),
    templates: {},
    values: {},
    resourceArgs: { spec: { template: { spec: pod } } },
    overrideAllow,
  });
const POD = 'spec.template.spec';

describe('overrides of lists', () => {
  it('merge by name, as a strategic merge does', () => {
    const pod: Json = {
      containers: [
        {
          name: 'run',
          env: [
            { name: 'A', value: '2' },
            { name: 'B', value: '3' },
          ],
          resources: { limits: { cpu: '4' } },
        },
        { name: 'log', ports: [{ containerPort: 80, protocol: 'UDP' }] },
        { name: 'more', image: 'more:1' },
      ],
    };
    const result = resolve(pod, [`${POD}.containers`]);
    expect(result).toMatchObject({
      ok: true,
      config: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  env: [
                    { name: 'A', value: '2' },
                    { name: 'B', value: '3' },
                  ],
                  resources: { limits: { cpu: '4' } },
                  securityContext: { runAsNonRoot: true },
                },
                { name: 'log', image: 'log:1', ports: [{ containerPort: 80, protocol: 'UDP' }] },
                { name: 'more', image: 'more:1' },
              ],
            },
          },
        },
      },
    });
    expect(result.ok && result.origins['/spec/template/spec/containers/0/env/0/value']).toBe('override');
  });
  it('are held to the allow-list item by item', () => {
    const limits = { containers: [{ name: 'run', resources: { limits: { cpu: '4' } } }] };
    expect(resolve(limits, [`${POD}.containers.*.resources`]).ok).toBe(true);
    expect(resolve({ containers: [{ name: 'run', image: 'x' }] }, [`${POD}.containers.*.resources`]).ok).toBe(
      false,
    );
    expect(resolve({ containers: [{ name: 'new', image: 'x' }] }, [`${POD}.containers.*.resources`]).ok).toBe(
      false,
    );
  });
});

describe('what gives more rights than a program needs', () => {
  const refused = (pod: Json, allow: string[]) => {
    const result = resolve(pod, allow);
    return result.ok ? [] : result.errors.map(({ path }) => path);
  };
  it.each<[Json, string]>([
    [{ securityContext: { runAsUser: 0 } }, 'securityContext.runAsUser'],
    [{ hostNetwork: true }, 'hostNetwork'],
    [{ hostPID: true }, 'hostPID'],
    [{ hostIPC: true }, 'hostIPC'],
    [{ serviceAccountName: 'admin' }, 'serviceAccountName'],
    [{ serviceAccount: 'admin' }, 'serviceAccount'],
    [{ nodeName: 'master' }, 'nodeName'],
    [{ volumes: [{ name: 'root', hostPath: { path: '/' } }] }, 'volumes[0].hostPath.path'],
    [
      { containers: [{ name: 'run', ports: [{ containerPort: 1, hostPort: 1 }] }] },
      'containers[0].ports[0].hostPort',
    ],
    [
      { containers: [{ name: 'x', securityContext: { privileged: true } }] },
      'containers[2].securityContext.privileged',
    ],
    [{ containers: [{ name: 'run', securityContext: null }] }, 'containers[0].securityContext'],
    [{ containers: null }, 'containers'],
    [{ containers: [] }, 'containers'],
  ])('%j is never reached by a wide allow-list', (pod, path) => {
    for (const allow of [['spec'], ['*'], [POD], ['spec.*.*']]) {
      expect(
        refused(pod, allow).map((text) =>
          text.replace(`resourceArgs.${POD}.`, '').replaceAll(/\.(\d+)/g, '[$1]'),
        ),
      ).toEqual([path]);
    }
  });
  it('is, when the admin allowed that very path', () => {
    expect(refused({ hostNetwork: true }, [`${POD}.hostNetwork`])).toEqual([]);
    expect(refused({ securityContext: { runAsUser: 5 } }, [`${POD}.securityContext.runAsUser`])).toEqual([]);
    expect(
      refused({ securityContext: { runAsUser: 5, fsGroup: 1 } }, [`${POD}.securityContext.runAsUser`, POD]),
    ).toEqual([`resourceArgs.${POD}.securityContext.fsGroup`]);
  });
  it('leaves harmless settings alone', () => {
    expect(refused({ nodeSelector: { zone: 'a' } }, [POD])).toEqual([]);
  });
});

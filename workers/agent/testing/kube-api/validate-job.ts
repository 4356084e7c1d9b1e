import type { KubeObject } from '../../kube/types';
import { Refusal } from './store';

/**
 * What the API refuses of a Job, as far as launches can go wrong there: fields it does not know, settings of a security context at the
 * wrong level, names, labels, containers without image. Written after the API's reference (Job v1 batch, PodSpec, Container).
 */

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const KNOWN = {
  job: 'apiVersion kind metadata spec status',
  meta: 'name generateName namespace labels annotations finalizers ownerReferences uid resourceVersion creationTimestamp generation managedFields deletionTimestamp deletionGracePeriodSeconds selfLink',
  spec: 'parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy backoffLimit backoffLimitPerIndex maxFailedIndexes selector manualSelector template ttlSecondsAfterFinished completionMode suspend podReplacementPolicy managedBy',
  template: 'metadata spec',
  pod: 'volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources hostnameOverride',
  podSecurity:
    'seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup sysctls fsGroupChangePolicy seccompProfile appArmorProfile seLinuxChangePolicy',
  container:
    'name image command args workingDir ports envFrom env resources resizePolicy restartPolicy restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty',
  security:
    'capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation procMount seccompProfile appArmorProfile',
} as const;

type Map = Record<string, unknown>;
const map = (value: unknown): Map =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Map) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** @throws Refusal 400 for fields that are not known (with `strict`), 422 for values that are not allowed */
export function validateJob(object: KubeObject, strict: boolean): void {
  const unknown: string[] = [];
  const invalid: { field: string; message: string }[] = [];
  const known = (value: unknown, kind: keyof typeof KNOWN, path: string) => {
    for (const key of Object.keys(map(value))) {
      if (!KNOWN[kind].split(' ').includes(key))
        unknown.push(`unknown field "${path ? `${path}.` : ''}${key}"`);
    }
  };
  known(object, 'job', '');
  known(object.metadata, 'meta', 'metadata');
  const spec = map(object.spec);
  known(spec, 'spec', 'spec');
  const template = map(spec['template']);
  known(template, 'template', 'spec.template');
  const pod = map(template['spec']);
  known(pod, 'pod', 'spec.template.spec');
  known(pod['securityContext'], 'podSecurity', 'spec.template.spec.securityContext');

  checkMeta(object.metadata, 'metadata', invalid, 63);
  checkLabels(map(map(template['metadata'])['labels']), 'spec.template.metadata', invalid);
  if (!['Never', 'OnFailure'].includes(String(pod['restartPolicy'])))
    invalid.push({
      field: 'spec.template.spec.restartPolicy',
      message: 'Required value: valid values: "OnFailure", "Never"',
    });
  const containers = list(pod['containers']);
  if (containers.length === 0)
    invalid.push({ field: 'spec.template.spec.containers', message: 'Required value' });
  const names = new Set<string>();
  for (const key of ['containers', 'initContainers']) {
    list(pod[key]).forEach((item, index) => {
      const container = map(item);
      const path = `spec.template.spec.${key}[${index}]`;
      known(container, 'container', path);
      known(container['securityContext'], 'security', `${path}.securityContext`);
      checkContainer(container, path, names, invalid);
    });
  }
  if (strict && unknown.length > 0)
    throw new Refusal(
      400,
      'BadRequest',
      `Job in version "v1" cannot be handled as a Job: strict decoding error: ${unknown.join(', ')}`,
    );
  if (invalid.length > 0) throw invalidObject('Job.batch', object.metadata.name, invalid);
}

export function invalidObject(
  kind: string,
  name: string,
  causes: { field: string; message: string }[],
): Refusal {
  const text = causes.map(({ field, message }) => `${field}: ${message}`);
  const message = `${kind} "${name}" is invalid: ${text.length > 1 ? `[${text.join(', ')}]` : (text[0] ?? '')}`;
  return new Refusal(422, 'Invalid', message, { details: { causes } });
}

export function checkMeta(
  meta: KubeObject['metadata'],
  path: string,
  invalid: { field: string; message: string }[],
  maxName = 253,
): void {
  if (!NAME.test(meta.name) || meta.name.length > maxName)
    invalid.push({
      field: `${path}.name`,
      message: `Invalid value: "${meta.name}": must be a lowercase RFC 1123 name of no more than ${maxName} characters`,
    });
  checkLabels(meta.labels ?? {}, path, invalid);
}

function checkLabels(labels: Map, path: string, invalid: { field: string; message: string }[]): void {
  for (const value of Object.values(labels)) {
    if (typeof value !== 'string' || value.length > 63 || !LABEL.test(value))
      invalid.push({
        field: `${path}.labels`,
        message: `Invalid value: ${JSON.stringify(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', at most 63`,
      });
  }
}

function checkContainer(
  container: Map,
  path: string,
  names: Set<string>,
  invalid: { field: string; message: string }[],
): void {
  const name = typeof container['name'] === 'string' ? container['name'] : '';
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > 63)
    invalid.push({ field: `${path}.name`, message: `Invalid value: "${name}"` });
  if (names.has(name)) invalid.push({ field: `${path}.name`, message: `Duplicate value: "${name}"` });
  names.add(name);
  if (
    typeof container['image'] !== 'string' ||
    container['image'] === '' ||
    container['image'] !== container['image'].trim()
  )
    invalid.push({ field: `${path}.image`, message: 'Required value' });
  for (const entry of list(container['env'])) {
    const { name: variable, value, valueFrom } = map(entry);
    if (typeof variable !== 'string' || variable === '')
      invalid.push({ field: `${path}.env`, message: 'Required value: name' });
    if (value !== undefined && typeof value !== 'string')
      throw new Refusal(
        400,
        'BadRequest',
        `json: cannot unmarshal ${typeof value} into Go struct field EnvVar.env.value of type string`,
      );
    if (value && valueFrom)
      invalid.push({ field: `${path}.env`, message: 'may not be specified when `value` is not empty' });
  }
  const security = map(container['securityContext']);
  if (security['privileged'] === true && security['allowPrivilegeEscalation'] === false)
    invalid.push({
      field: `${path}.securityContext`,
      message: 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    });
}

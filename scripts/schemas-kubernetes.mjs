// Makes the JSON Schema of the Job and the pod template of Kubernetes from the API's own description in the Kubernetes repository
// (Copyright The Kubernetes Authors, Apache License 2.0), twice: with the fields' descriptions for completion and hover in the editor
// (components/editor/schemas/generated), and without them for the checks (core/api-schemas), where size counts.
//
//   node scripts/schemas-kubernetes.mjs            downloads the description of the version below
//   node scripts/schemas-kubernetes.mjs FILE       takes apis__batch__v1_openapi.json from the disk
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';

const VERSION = 'v1.34.4';
const SOURCE = `https://raw.githubusercontent.com/kubernetes/kubernetes/${VERSION}/api/openapi-spec/v3/apis__batch__v1_openapi.json`;
const EDITOR = '../components/editor/schemas/generated/kubernetes.json';
const CHECKS = '../core/api-schemas/kubernetes.json';
/** What is kept of each description, characters: what a person reads over a field. */
const MAX_DESCRIPTION = 220;
/** Kinds of volumes that belong to one vendor or are on their way out: their names are known, not their fields. */
const NAME_ONLY =
  /^(AWSElasticBlockStore|Azure(Disk|File)|CephFS|Cinder|FC|Flex|Flocker|GCEPersistentDisk|GitRepo|Glusterfs|ISCSI|PhotonPersistentDisk|Portworx|Quobyte|RBD|ScaleIO|StorageOS|VsphereVirtualDisk)/;

/** Set by the server, or of no use in a configuration. */
const SERVER_FIELDS = new Set(
  'managedFields creationTimestamp deletionTimestamp deletionGracePeriodSeconds generation resourceVersion selfLink uid ephemeralContainers'.split(
    ' ',
  ),
);

const [file] = process.argv.slice(2);
const text = file ? await readFile(path.resolve(file), 'utf8') : await download(SOURCE);
const all = JSON.parse(text).components.schemas;
const short = (name) => name.split('.').at(-1);
const definitions = {};
collect('io.k8s.api.batch.v1.JobSpec');
collect('io.k8s.api.core.v1.PodTemplateSpec');
collect('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');

const schema = {
  $comment: `Job (batch/v1) of Kubernetes ${VERSION}; made by scripts/schemas-kubernetes.mjs from the API description of kubernetes/kubernetes, Copyright The Kubernetes Authors, Apache License 2.0.`,
  definitions: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => a.localeCompare(b))),
};
await write(EDITOR, schema);
await write(CHECKS, bare(schema));

async function write(target, value) {
  const text = await format(JSON.stringify(value), { parser: 'json', printWidth: 110 });
  await writeFile(fileURLToPath(new URL(target, import.meta.url)), text);
}

/** Without descriptions, and closed: a field that is not listed is not known. */
function bare(schema) {
  const all = (schemas) =>
    Object.fromEntries(Object.entries(schemas).map(([key, value]) => [key, bare(value)]));
  const { properties, items, additionalProperties, definitions } = schema;
  const result = {
    ...schema,
    ...(properties && { properties: all(properties), additionalProperties: false }),
    ...(items && { items: bare(items) }),
    ...(additionalProperties && { additionalProperties: bare(additionalProperties) }),
    ...(definitions && { definitions: all(definitions) }),
  };
  delete result.description;
  return result;
}

async function download(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}

function collect(name) {
  const own = short(name);
  if (own in definitions) return;
  definitions[own] = {};
  definitions[own] = NAME_ONLY.test(own) ? { type: 'object' } : slim(all[name]);
}

/** Without what only the server needs; a configuration is partial, so nothing is required. */
function slim({
  type,
  description,
  properties,
  items,
  allOf,
  additionalProperties,
  enum: values,
  $ref,
  oneOf,
}) {
  const reference = $ref ?? allOf?.[0]?.$ref;
  const result = {};
  if (reference) {
    const name = reference.split('/').at(-1);
    if (/\.(Quantity|IntOrString|Time|MicroTime|FieldsV1)$/.test(name)) {
      if (description) result.description = sentence(description);
      return result;
    }
    collect(name);
    result.$ref = `#/definitions/${short(name)}`;
  } else if (type && !oneOf) result.type = type;
  if (description) result.description = sentence(description);
  if (values) result.enum = values;
  if (properties) {
    const kept = Object.entries(properties).filter(([key]) => !SERVER_FIELDS.has(key));
    result.properties = Object.fromEntries(kept.map(([key, value]) => [key, slim(value)]));
  }
  if (items) result.items = slim(items);
  if (typeof additionalProperties === 'object') {
    const inner = slim(additionalProperties);
    if (Object.keys(inner).length > 0) result.additionalProperties = inner;
  }
  return result;
}

/** The first sentences, as many as are read over a field. */
function sentence(text) {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/ ?More info: \S+/g, '')
    .trim();
  if (line.length <= MAX_DESCRIPTION) return line;
  const cut = line.slice(0, MAX_DESCRIPTION);
  const end = cut.lastIndexOf('. ');
  return end > 40 ? cut.slice(0, end + 1) : `${cut.slice(0, cut.lastIndexOf(' '))} …`;
}

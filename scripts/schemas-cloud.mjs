/**
 * Makes the JSON Schemas of what is sent to SageMaker and Vertex AI from the providers' own descriptions of their interfaces:
 *
 * - SageMaker `CreateTrainingJob`: the service model in the Python package `botocore` (Amazon, Apache License 2.0)
 * - Vertex AI `CustomJob`: the discovery document in the Python package `google-api-python-client` (Google, Apache License 2.0)
 *
 * Writes each twice: with the fields' descriptions for the editor (`components/editor/schemas/generated`), and without them for the
 * checks (`core/api-schemas`), where size counts. Run it to take up new fields: `node scripts/schemas-cloud.mjs`. It needs python3 with pip.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { format } from 'prettier';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'slipway-schemas-'));

/** Longest description kept, characters: hover text, not a manual. */
const MAX_DESCRIPTION = 240;
/** A longer list of values grows with the service (types of machines): it is offered, and other values are taken. */
const MAX_ENUM = 20;

/** Unpacks a package's wheel; gives its folder and version. */
function unpack(name) {
  const wheels = join(folder, name);
  execFileSync('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', wheels, name], {
    stdio: 'inherit',
  });
  const wheel = readdirSync(wheels)[0];
  execFileSync('python3', ['-m', 'zipfile', '-e', join(wheels, wheel), wheels]);
  return { path: wheels, version: wheel.split('-')[1] };
}

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };

/** Whole sentences of the beginning, as plain text. */
function describe(html = '') {
  const text = html
    .replace(/<(note|important|ul|ol|dl)>[\s\S]*$/, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity])
    .replace(/\s+/g, ' ')
    .trim();
  if (text.length <= MAX_DESCRIPTION) return text || undefined;
  const end = text.lastIndexOf('. ', MAX_DESCRIPTION);
  return end > 0 ? text.slice(0, end + 1) : `${text.slice(0, MAX_DESCRIPTION)}…`;
}

/** A regular expression of the service as JSON Schema has it; undefined when it says nothing or is of another dialect. */
function pattern(source) {
  if (source === undefined || ['.*', '.+', '[\\S\\s]*'].includes(source)) return undefined;
  for (const candidate of [source, source.replaceAll('\\p{Alnum}', 'A-Za-z0-9')].map(
    (text) => `^(?:${text})$`,
  )) {
    try {
      new RegExp(candidate, 'u');
      return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}

const values = (list) => (list.length > MAX_ENUM ? { examples: list } : { enum: list });
const clean = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** Follows the references from `start`; `convert` gives the schema of one type and names those it refers to. */
function collect(start, convert) {
  const definitions = {};
  const waiting = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in definitions) continue;
    definitions[name] = convert(name, (other) => {
      waiting.push(other);
      return { $ref: `#/definitions/${other}` };
    });
  }
  return Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sagemaker() {
  const { path, version } = unpack('botocore');
  const { shapes } = JSON.parse(
    gunzipSync(readFileSync(join(path, 'botocore/data/sagemaker/2017-07-24/service-2.json.gz'))).toString(),
  );
  const convert = (name, refer) => {
    const shape = shapes[name];
    switch (shape.type) {
      case 'structure':
        return clean({
          type: 'object',
          properties: Object.fromEntries(
            Object.entries(shape.members).map(([key, member]) => [
              key,
              clean({ ...refer(member.shape), description: describe(member.documentation) }),
            ]),
          ),
          required: shape.required,
          additionalProperties: false,
        });
      case 'list':
        return clean({
          type: 'array',
          items: refer(shape.member.shape),
          minItems: shape.min || undefined,
          maxItems: shape.max,
        });
      case 'map': {
        const key = shapes[shape.key.shape];
        return clean({
          type: 'object',
          additionalProperties: refer(shape.value.shape),
          propertyNames: clean({ pattern: pattern(key.pattern), maxLength: key.max }),
          maxProperties: shape.max,
        });
      }
      case 'integer':
      case 'long':
        return clean({ type: 'integer', minimum: shape.min, maximum: shape.max });
      case 'float':
      case 'double':
        return clean({ type: 'number', minimum: shape.min, maximum: shape.max });
      case 'boolean':
        return { type: 'boolean' };
      case 'string':
        if (shape.enum) return { type: 'string', ...values(shape.enum) };
        return clean({
          type: 'string',
          minLength: shape.min || undefined,
          maxLength: shape.max,
          pattern: pattern(shape.pattern),
        });
      default:
        throw new Error(`${name} is of the type ${shape.type}, which this script does not know.`);
    }
  };
  return {
    $comment: `CreateTrainingJob of Amazon SageMaker; made by scripts/schemas-cloud.mjs from botocore ${version}, Copyright Amazon.com, Inc. or its affiliates, Apache License 2.0.`,
    $ref: '#/definitions/CreateTrainingJobRequest',
    definitions: collect('CreateTrainingJobRequest', convert),
  };
}

const PREFIX = 'GoogleCloudAiplatformV1';
const isOutput = ({ readOnly, description = '' }) =>
  readOnly === true || description.startsWith('Output only.');

function vertex() {
  const { path, version } = unpack('google-api-python-client');
  const { schemas } = JSON.parse(
    readFileSync(join(path, 'googleapiclient/discovery_cache/documents/aiplatform.v1.json'), 'utf8'),
  );
  const property = (field, refer) => {
    const { $ref, type, format: kind, enum: list, items, additionalProperties } = field;
    const description = describe(field.description);
    if ($ref !== undefined) return clean({ ...refer($ref.replace(PREFIX, '')), description });
    // 64-bit numbers are texts in JSON for JavaScript's sake; the service takes both.
    if (kind === 'int64' || kind === 'uint64')
      return clean({ type: ['integer', 'string'], pattern: '^-?[0-9]+$', description });
    if (list !== undefined) return clean({ type: 'string', ...values(list), description });
    if (type === 'array') return clean({ type, items: property(items, refer), description });
    if (type === 'object') {
      return clean({
        type,
        additionalProperties: additionalProperties && property(additionalProperties, refer),
        description,
      });
    }
    return clean({
      type: type === 'any' ? undefined : type,
      pattern: kind === 'google-duration' ? '^[0-9]+(?:[.][0-9]{1,9})?s$' : undefined,
      description,
    });
  };
  const convert = (name, refer) => {
    const { properties } = schemas[PREFIX + name] ?? schemas[name];
    const fields = Object.entries(properties).filter(([, field]) => !isOutput(field));
    const required = fields.filter(([, { description }]) => /^(?:Required)\. /.test(description ?? ''));
    return clean({
      type: 'object',
      properties: Object.fromEntries(fields.map(([key, field]) => [key, property(field, refer)])),
      required: required.length > 0 ? required.map(([key]) => key) : undefined,
      additionalProperties: false,
    });
  };
  return {
    $comment: `CustomJob of Google Vertex AI; made by scripts/schemas-cloud.mjs from google-api-python-client ${version}, Copyright Google LLC, Apache License 2.0.`,
    $ref: '#/definitions/CustomJob',
    definitions: collect('CustomJob', convert),
  };
}

/** Without what only people read. A property may be called `description` too, so only texts count. */
function bare(node) {
  if (Array.isArray(node)) return node.map(bare);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !(key === 'description' && typeof value === 'string') && key !== 'examples')
      .map(([key, value]) => [key, bare(value)]),
  );
}

async function write(path, schema) {
  writeFileSync(join(root, path), await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 }));
}

try {
  for (const [name, schema] of [
    ['sagemaker', sagemaker()],
    ['vertex', vertex()],
  ]) {
    await write(`components/editor/schemas/generated/${name}.json`, schema);
    await write(`core/api-schemas/${name}.json`, bare(schema));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

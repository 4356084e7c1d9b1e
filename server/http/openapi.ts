import { z } from 'zod';
import { jsonSchema, problemSchema } from '@/core/wire';
import type { Json, JsonObject } from '@/core/wire';
import type { Endpoint } from './endpoint';

// A schema that refers to itself becomes a component and so needs a name.
z.globalRegistry.add(jsonSchema, { id: 'Json', description: 'Any JSON value' });

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  tags: { name: string }[];
  security: Record<string, string[]>[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, JsonObject>;
    securitySchemes: Record<string, JsonObject>;
    responses: Record<string, JsonObject>;
  };
}
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonObject;
}
export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: JsonObject;
  responses: Record<string, JsonObject>;
}

/** Components gather here while operations are written. What differs as request and as answer gets the suffix `Input`. */
class Components {
  readonly schemas: Record<string, JsonObject> = {};

  schema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const {
      $schema: _,
      $defs = {},
      id,
      ...root
    } = z.toJSONSchema(schema, { io, reused: 'inline', unrepresentable: 'any' }) as JsonObject;
    const names: Record<string, string> = {};
    const definitions = Object.entries($defs as Record<string, JsonObject>);
    if (typeof id === 'string') definitions.push([id, root]);
    for (const [name, { id: _id, ...definition }] of definitions)
      names[name] = this.#name(name, definition, io);
    for (const [name, { id: _id, ...definition }] of definitions) {
      this.schemas[names[name] ?? name] = rename(definition, names) as JsonObject;
    }
    if (typeof id === 'string') return { $ref: `#/components/schemas/${names[id] ?? id}` };
    return rename(root, names) as JsonObject;
  }

  readonly #seen = new Map<string, string>();
  #name(name: string, definition: JsonObject, io: 'input' | 'output'): string {
    const text = JSON.stringify(definition);
    const known = this.#seen.get(name);
    if (known === undefined) this.#seen.set(name, text);
    if (known === undefined || known === text) return name;
    return io === 'input' ? `${name}Input` : `${name}Output`;
  }
}

/** Turns `#/$defs/X` into references to components, everywhere in a schema. */
function rename(value: Json, names: Record<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key !== '$ref' || typeof item !== 'string') return [key, rename(item, names)];
      const name = /^#\/\$defs\/(.+)$/.exec(item)?.[1];
      return [key, name === undefined ? item : `#/components/schemas/${names[name] ?? name}`];
    }),
  );
}

/** The OpenAPI 3.1 document of all calls, from the very schemas that check them. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): OpenApiDocument {
  const components = new Components();
  // Answers first: they are what people read most, so they keep the plain names.
  const answers = new Map(
    endpoints.map((each) => [each, each.answer && components.schema(each.answer, 'output')]),
  );
  const problem = components.schema(problemSchema, 'output');
  const paths: OpenApiDocument['paths'] = {};
  for (const each of endpoints) {
    (paths[each.path] ??= {})[each.method] = operation(each, answers.get(each) ?? null, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slipway',
      version,
      description:
        'Launch queues for machine learning jobs. Errors are problem documents (RFC 9457); lists take `limit` and `cursor`.',
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ apiKey: [] }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key; acts as its user' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'next-auth.session-token',
          description: 'Browser session; changes need the same origin',
        },
        agentToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'An agent token; good for the calls of agents only',
        },
      },
      responses: {
        Problem: {
          description: 'What is wrong, where, and what would be right',
          content: { 'application/problem+json': { schema: problem } },
        },
      },
    },
  };
}

const SECURITY: Record<Endpoint['caller'], Record<string, string[]>[]> = {
  user: [{ apiKey: [] }, { session: [] }],
  agent: [{ agentToken: [] }],
  anyone: [],
};

function operation(each: Endpoint, answer: JsonObject | null, components: Components): Operation {
  const content = answerContent(each, answer);
  const described: JsonObject = {
    description: each.rawAnswer?.description ?? (content ? 'The answer' : 'Done'),
    ...(content ? { content } : {}),
    ...(each.answerHeaders
      ? {
          headers: mapValues(each.answerHeaders, (description) => ({
            description,
            schema: { type: 'string' },
          })),
        }
      : {}),
  };
  const status = each.status ?? (content ? 200 : 204);
  const requestBody = bodyOf(each, components);
  return {
    operationId: operationId(each),
    tags: [each.tag],
    summary: each.summary,
    ...(each.description ? { description: each.description } : {}),
    security: SECURITY[each.caller],
    parameters: [
      ...parameters('path', each.params, components),
      ...parameters('query', each.query, components),
      ...Object.entries(each.headers ?? {}).map(([name, description]): Parameter => ({
        name,
        in: 'header',
        required: false,
        description,
        schema: { type: 'string' },
      })),
    ],
    ...(requestBody ? { requestBody } : {}),
    responses: {
      [status]: described,
      ...mapValues(each.alsoStatus ?? {}, (description) => ({ ...described, description })),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function answerContent({ rawAnswer }: Endpoint, answer: JsonObject | null): JsonObject | null {
  if (rawAnswer) return { [rawAnswer.type]: { schema: answer ?? { type: 'string' } } };
  return answer && { 'application/json': { schema: answer } };
}

function bodyOf({ body, rawBody }: Endpoint, components: Components): JsonObject | null {
  if (!body && !rawBody) return null;
  return {
    required: true,
    content: {
      ...(body ? { 'application/json': { schema: components.schema(body, 'input') } } : {}),
      ...(rawBody
        ? {
            [rawBody.type]: {
              schema: { type: 'string', format: 'binary', description: rawBody.description },
            },
          }
        : {}),
    },
  };
}

function parameters(
  where: 'path' | 'query',
  schema: z.ZodType | undefined,
  components: Components,
): Parameter[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, part]) => {
    const { description, ...json } = components.schema(part, 'output');
    return {
      name,
      in: where,
      required: where === 'path' || !part.safeParse(undefined).success,
      ...(typeof description === 'string' ? { description } : {}),
      schema: json,
    };
  });
}

/** `get /api/v1/entities/{entity}/queues` → `getEntitiesEntityQueues`. */
function operationId({ method, path }: Endpoint): string {
  const words = path
    .replace(/^\/api\/(?:v1\/)?/, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

const mapValues = <T>(record: Record<string, T>, fn: (value: T) => JsonObject): Record<string, JsonObject> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]));

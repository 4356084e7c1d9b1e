import type { Json, JsonObject } from '@/core/wire';
import type { OpenApiDocument, Operation } from './openapi';

/** The document as one readable page: no script, no font, no host but ours. */
export function renderDocs(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = document.tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<section id="${slug(name)}"><h2>${escape(name)}</h2>${own.map(renderOperation).join('')}</section>`;
  });
  const schemas = Object.entries(document.components.schemas)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([name, schema]) =>
        `<details id="schema-${name}"><summary><code>${name}</code></summary>${renderSchema(schema)}</details>`,
    );
  const links = [...document.tags.map(({ name }) => name), 'Schemas'].map(
    (name) => `<a href="#${slug(name)}">${escape(name)}</a>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(document.info.title)} API ${escape(document.info.version)}</title><style>${STYLE}</style></head>
<body><header><h1>${escape(document.info.title)} API <small>${escape(document.info.version)}</small></h1>
<p>${markup(document.info.description)}</p>
<p>Send <code>Authorization: Bearer API_KEY</code>. For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).</p></header>
<nav aria-label="Sections">${links.join('')}</nav>
<main>${sections.join('')}<section id="schemas"><h2>Schemas</h2>${schemas.join('')}</section></main></body></html>`;
}

function renderOperation({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const parameters = operation.parameters.map(
    ({ name, in: where, required, description = '', schema }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${where}${required ? ', required' : ''}</td><td>${renderType(schema)}</td><td>${markup(description)}</td></tr>`,
  );
  const body = operation.requestBody ? `<h4>Body</h4>${renderContent(operation.requestBody.content)}` : '';
  const responses = Object.entries(operation.responses)
    .filter(([status]) => status !== 'default')
    .map(
      ([status, response]) =>
        `<h4>${status} <small>${markup(text(response.description))}</small></h4>${renderHeaders(response.headers)}${renderContent(response.content)}`,
    );
  return `<details id="${operation.operationId}"><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code> <span>${markup(operation.summary)}</span></summary>
${operation.description ? `<p>${markup(operation.description)}</p>` : ''}<p>${authentication(operation)}</p>
${parameters.length > 0 ? `<h4>Parameters</h4><table>${parameters.join('')}</table>` : ''}${body}${responses.join('')}</details>`;
}

function authentication({ security }: Operation): string {
  if (security.length === 0) return 'Needs no sign-in.';
  return security.some((way) => 'agentToken' in way)
    ? 'Needs an agent token.'
    : 'Needs an API key or a browser session.';
}

function renderHeaders(headers: Json | undefined): string {
  if (!isObject(headers)) return '';
  const rows = Object.entries(headers).map(
    ([name, header]) =>
      `<tr><td><code>${escape(name)}</code></td><td>${isObject(header) ? markup(text(header.description)) : ''}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function renderContent(content: Json | undefined): string {
  if (!isObject(content)) return '';
  return Object.entries(content)
    .map(
      ([type, media]) =>
        `<p><small>${escape(type)}</small></p>${isObject(media) && isObject(media.schema) ? renderSchema(media.schema) : ''}`,
    )
    .join('');
}

/** Fields of an object as a table; anything else as its type. */
function renderSchema(schema: JsonObject): string {
  const description = schema.description ? `<p>${markup(text(schema.description))}</p>` : '';
  if (!isObject(schema.properties)) return `${description}<p>${renderType(schema)}</p>`;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const rows = Object.entries(schema.properties).map(([name, property]) => {
    const own = isObject(property) ? property : {};
    const note = [
      text(own.description),
      'default' in own ? `Default: \`${JSON.stringify(own.default)}\`.` : '',
    ]
      .filter(Boolean)
      .join(' ');
    return `<tr><td><code>${escape(name)}</code>${required.includes(name) ? '' : ' <small>optional</small>'}</td><td>${renderType(own)}</td><td>${markup(note)}</td></tr>`;
  });
  return `${description}<table>${rows.join('')}</table>`;
}

function renderType(schema: JsonObject, depth = 0): string {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `<a href="#schema-${escape(name)}">${escape(name)}</a>`;
  }
  if (Array.isArray(schema.enum))
    return schema.enum.map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(' | ');
  if ('const' in schema) return `<code>${escape(JSON.stringify(schema.const))}</code>`;
  const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (Array.isArray(branches))
    return branches.map((branch) => (isObject(branch) ? renderType(branch, depth) : '')).join(' | ');
  if (schema.type === 'array')
    return `list of ${isObject(schema.items) ? renderType(schema.items, depth + 1) : 'anything'}`;
  if (isObject(schema.properties)) {
    if (depth >= 3) return 'object';
    const fields = Object.entries(schema.properties).map(
      ([name, field]) => `${escape(name)}: ${isObject(field) ? renderType(field, depth + 1) : 'any'}`,
    );
    return `{ ${fields.join(', ')} }`;
  }
  if (isObject(schema.additionalProperties))
    return `map of ${renderType(schema.additionalProperties, depth + 1)}`;
  const limits = (['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'format'] as const)
    .filter(
      (key) =>
        key in schema &&
        Math.abs(Number(schema[key])) !== Number.MAX_SAFE_INTEGER &&
        !(key === 'pattern' && 'format' in schema),
    )
    .map((key) => `${LIMITS[key]} ${escape(plain(schema[key]))}`);
  const type = Array.isArray(schema.type) ? schema.type.map(plain).join(' | ') : text(schema.type) || 'any';
  return `${escape(type)}${limits.length > 0 ? ` <small>(${limits.join(', ')})</small>` : ''}`;
}
const LIMITS = {
  minimum: 'at least',
  maximum: 'at most',
  minLength: 'length at least',
  maxLength: 'length at most',
  pattern: 'matches',
  format: '',
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const plain = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);
const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (value: string) => value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
/** Descriptions use backquotes for code, and nothing else. */
const markup = (value: string) => escape(value).replace(/`([^`]+)`/g, '<code>$1</code>');

const STYLE = `
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent);--soft:color-mix(in srgb,currentColor 6%,transparent)}
body{margin:0 auto;max-width:64rem;padding:2rem 1.25rem;font:15px/1.55 system-ui,sans-serif}
h1 small,h4 small,td small{font-weight:400;opacity:.7}h2{margin:2.5rem 0 .5rem}h4{margin:1rem 0 .25rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;position:sticky;top:0;padding:.6rem 0;background:Canvas;border-bottom:1px solid var(--line)}
code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
details{border:1px solid var(--line);border-radius:.5rem;margin:.4rem 0;padding:0 .9rem;scroll-margin-top:4rem}section{scroll-margin-top:3rem}
summary{cursor:pointer;padding:.55rem 0}summary span{opacity:.75;margin-left:.5rem}summary b{display:inline-block;min-width:4rem;font-size:12px}
.get{color:light-dark(#0b6bcb,#79b8ff)}.post{color:light-dark(#1a7f37,#7ee787)}.put,.patch{color:light-dark(#9a6700,#e3b341)}.delete{color:light-dark(#cf222e,#ff8182)}
table{border-collapse:collapse;width:100%;margin:.25rem 0 1rem}td{border-top:1px solid var(--line);padding:.35rem .6rem .35rem 0;vertical-align:top}tr:hover{background:var(--soft)}
`;

import type { KubeObject } from '../../kube/types';

/** Label and field selectors as far as the agent uses them: existence, equality, inequality. */
export function selects(object: KubeObject, query: URLSearchParams): boolean {
  const labels = terms(query.get('labelSelector'));
  const fields = terms(query.get('fieldSelector'));
  return (
    labels.every((term) => matches(term, (key) => object.metadata.labels?.[key])) &&
    fields.every((term) => matches(term, (key) => at(object, key)))
  );
}

const terms = (text: string | null) => (text ?? '').split(',').filter(Boolean);

function matches(term: string, value: (key: string) => string | undefined): boolean {
  const [key = '', operator, wanted = ''] = term.split(/(!=|==|=)/);
  if (operator === undefined)
    return key.startsWith('!') ? value(key.slice(1)) === undefined : value(key) !== undefined;
  const equal = value(key) === wanted;
  return operator === '!=' ? !equal : equal;
}

function at(object: KubeObject, path: string): string | undefined {
  const found = path
    .split('.')
    .reduce<unknown>((current, key) => (current as Record<string, unknown> | undefined)?.[key], object);
  return typeof found === 'string' ? found : undefined;
}

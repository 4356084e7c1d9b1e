const MAX_LENGTH = 512;
const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
/** The grammar of the distribution project: `[domain/]path[:tag][@digest]`. */
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${PATH_PART}(?:/${PATH_PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);

/** What is wrong with an image reference, as the rest of a sentence; null when it can be one. An image id (`sha256:…`) is accepted. */
export function imageProblem(image: string): string | null {
  if (image.startsWith('-')) return 'must not begin with "-"';
  if (/\s/.test(image)) return 'must not contain white space';
  if (image.length > MAX_LENGTH) return `must be at most ${MAX_LENGTH} characters`;
  if (/^sha256:[0-9a-f]{64}$/.test(image) || REFERENCE.test(image)) return null;
  if (/^[a-z]+:\/\//i.test(image))
    return 'must be an image reference without "https://", such as registry.example.com/team/train:1.0';
  if (REFERENCE.test(image.toLowerCase())) return 'must have its repository in lower case';
  return 'is not an image reference; expected [registry/]repository[:tag][@digest], such as registry.example.com/team/train:1.0';
}

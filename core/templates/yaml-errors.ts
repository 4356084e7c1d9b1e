import type { YAMLError } from 'yaml';

/** Plain words for what the YAML parser finds; what is not listed keeps the parser's own words. */
const EXPLAINED: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'A tab cannot be used as indentation here; use spaces.',
  BAD_INDENT:
    'The indentation does not fit: values of one map or list begin in the same column, and inner ones further right.',
  MISSING_CHAR: 'Something is missing here, perhaps a closing quote or bracket, a comma, or ":" after a key.',
  BLOCK_AS_IMPLICIT_KEY:
    'A value that goes over several lines cannot be a key; perhaps ":" stands in a text that needs quotes.',
  BLOCK_IN_FLOW: 'Within [ ] and { } everything is written in that style.',
  BAD_SCALAR_START: 'A plain text cannot begin with this character; put quotes around the text.',
  MULTIPLE_ANCHORS: 'A value can have one anchor only.',
  MULTIPLE_TAGS: 'A value can have one tag only.',
  MULTIPLE_DOCS: 'A configuration is one YAML document.',
  MULTILINE_IMPLICIT_KEY:
    'A key must be on one line; perhaps ":" is missing after it or a quote is not closed.',
};

/** One sentence that says what is wrong, ending with the parser's words where they add something. */
export function explainYamlError(error: YAMLError): string {
  if (error.code === 'TAG_RESOLVE_FAILED') return `Tags cannot be used: ${firstLine(error.message)}.`;
  const explained = EXPLAINED[error.code];
  const raw = firstLine(error.message);
  return explained === undefined ? `This is not YAML: ${raw}.` : `${explained} (${raw})`;
}

function firstLine(message: string): string {
  const line = message.split('\n', 1)[0] ?? message;
  return line.replace(/[.:]\s*$/, '').slice(0, 300);
}

import type { MarkerSeverity, editor } from 'monaco-editor';
import type { ConfigProblem, MacroUse, Placeholder } from '@/core/wire';

/** Classes of the marks; their looks are in editor.css. */
const PLACEHOLDER = 'config-placeholder';
const MACRO = 'config-macro';
const UNKNOWN_MACRO = 'config-macro config-macro-unknown';
const LINKED = 'config-linked-line';

export interface Marked {
  placeholders: readonly Placeholder[];
  macros: readonly MacroUse[];
  /** Variable whose tile has the focus: its lines are tinted. */
  linked?: string | undefined;
}

/** Placeholders and macros of a text as decorations of the editor. */
export function decorationsOf({ placeholders, macros, linked }: Marked): editor.IModelDeltaDecoration[] {
  const inline = (
    use: { line: number; column: number; endColumn: number },
    className: string,
    hover: string,
  ): editor.IModelDeltaDecoration => ({
    range: {
      startLineNumber: use.line,
      startColumn: use.column,
      endLineNumber: use.line,
      endColumn: use.endColumn,
    },
    options: { inlineClassName: className, hoverMessage: { value: hover } },
  });
  return [
    ...placeholders.map((each) =>
      inline(
        each,
        PLACEHOLDER,
        `Template variable **${each.name}**: the submitter gives its value within the limits of its tile.`,
      ),
    ),
    ...macros.map((each) =>
      inline(
        each,
        each.known ? MACRO : UNKNOWN_MACRO,
        each.known
          ? `Macro **${each.name}**: replaced when an agent takes the run.`
          : `No macro of Slipway. An agent replaces it only if its \`macro_env\` lists **${each.name}**.`,
      ),
    ),
    ...placeholders
      .filter((each) => each.name === linked)
      .map((each) => ({
        range: { startLineNumber: each.line, startColumn: 1, endLineNumber: each.line, endColumn: 1 },
        options: { isWholeLine: true, className: LINKED },
      })),
  ];
}

/** Monaco's MarkerSeverity by number, so that this file does not load the editor. */
const SEVERITY: Record<ConfigProblem['severity'], number> = { error: 8, warning: 4, info: 2 };

/** Problems with a place as markers: squiggle, gutter, overview ruler. A problem without a place is shown in the list only. */
export function markersOf(problems: readonly ConfigProblem[]): editor.IMarkerData[] {
  return problems.flatMap((problem) => {
    if (problem.line === undefined) return [];
    const startColumn = problem.column ?? 1;
    return {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- importing the enum's values would load the editor
      severity: SEVERITY[problem.severity] as MarkerSeverity,
      message: problem.message,
      startLineNumber: problem.line,
      startColumn,
      endLineNumber: problem.endLine ?? problem.line,
      endColumn: problem.endColumn ?? (problem.column === undefined ? 1000 : startColumn + 1),
    };
  });
}

/** A glyph in the gutter at each line with a problem, the worst of the line. */
export function glyphsOf(problems: readonly ConfigProblem[]): editor.IModelDeltaDecoration[] {
  const byLine = new Map<number, ConfigProblem[]>();
  for (const problem of problems) {
    if (problem.line !== undefined) byLine.set(problem.line, [...(byLine.get(problem.line) ?? []), problem]);
  }
  return [...byLine].map(([line, found]) => {
    const worst =
      (['error', 'warning', 'info'] as const).find((severity) =>
        found.some((each) => each.severity === severity),
      ) ?? 'info';
    return {
      range: { startLineNumber: line, startColumn: 1, endLineNumber: line, endColumn: 1 },
      options: {
        glyphMarginClassName: `config-glyph config-glyph-${worst}`,
        glyphMarginHoverMessage: found.map((each) => ({ value: each.message })),
      },
    };
  });
}

'use client';
import { Braces, ScanSearch } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ConfigFormat, ConfigProblem } from '@/core/wire';
import { cn } from '../lib/cn';
import { plural } from '../lib/format';
import { Button } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { Kbd } from '../ui/kbd';
import { ConfigEditor, type ConfigEditorHandle } from '../editor/config-editor';
import { ProblemList } from '../editor/problem-list';
import { toast } from '../ui/toast';
import { TileCard } from './tile-card';
import type { ConfigDraft } from './use-config-draft';

export interface ConfigWorkbenchProps {
  draft: ConfigDraft;
  readOnly?: boolean;
  /** Errors that the server said, beside those found here. */
  serverProblems?: readonly ConfigProblem[];
  onSave?: () => void;
}

const NONE: readonly ConfigProblem[] = [];
const FORMATS: { value: ConfigFormat; label: string }[] = [
  { value: 'yaml', label: 'YAML' },
  { value: 'json', label: 'JSON' },
];

/** The configuration and its variables side by side: text, Parse configuration, problems; a tile for each variable, tied to its lines. */
export function ConfigWorkbench({
  draft,
  readOnly = false,
  serverProblems = NONE,
  onSave,
}: ConfigWorkbenchProps) {
  const editor = useRef<ConfigEditorHandle>(null);
  const tiles = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string>();
  const [line, setLine] = useState<number>();
  const problems = useMemo(() => [...draft.problems, ...serverProblems], [draft.problems, serverProblems]);
  const goToLine = useCallback((at: number) => editor.current?.goTo(at), []);
  const goTo = (problem: ConfigProblem) => {
    if (problem.line !== undefined) editor.current?.goTo(problem.line, problem.column);
    else if (problem.variable !== undefined) focusTile(tiles.current, problem.variable);
  };
  const parse = async () => {
    const { templates, problems: found } = await draft.parse();
    const errors = found.filter((problem) => problem.severity === 'error').length;
    const variables = plural(Object.keys(templates).length, 'variable');
    if (errors > 0) toast.error(`Parsed: ${variables}, ${plural(errors, 'error')}.`);
    else toast.success(`Parsed: ${variables}, no errors.`);
  };
  const changeFormat = async (format: ConfigFormat) => {
    const refused = await draft.setFormat(format);
    if (refused !== undefined) toast.error('The format stays as it is', { description: refused });
  };
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="min-w-0 overflow-hidden rounded-lg border border-line bg-surface shadow-card xl:sticky xl:top-16">
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          <div
            role="group"
            aria-label="Format of the configuration"
            className="inline-flex rounded-md border border-line-strong p-0.5"
          >
            {FORMATS.map(({ value, label }) => (
              <button
                key={value}
                type="button"
                aria-pressed={draft.format === value}
                onClick={() => void changeFormat(value)}
                disabled={readOnly && draft.format !== value}
                className={cn(
                  'rounded-sm px-2 py-0.5 text-xs font-medium',
                  draft.format === value
                    ? 'bg-accent-soft text-accent-ink'
                    : 'text-muted enabled:hover:text-ink',
                )}
              >
                {label}
              </button>
            ))}
          </div>
          {!readOnly && (
            <Button size="sm" className="ml-auto" onClick={() => void parse()}>
              <ScanSearch aria-hidden /> Parse configuration{' '}
              <Kbd keys="mod+shift+p" className="max-sm:hidden" />
            </Button>
          )}
        </div>
        <ConfigEditor
          ref={editor}
          value={draft.source}
          onChange={draft.setSource}
          resource={draft.resource}
          format={draft.format}
          placeholders={draft.analysis.placeholders}
          macros={draft.analysis.macros}
          problems={problems}
          linked={focused}
          onLine={setLine}
          onParse={() => void parse()}
          onSave={onSave}
          readOnly={readOnly}
        />
        <div className="border-t border-line">
          <ProblemList problems={problems} onGoTo={goTo} />
        </div>
      </div>
      <section aria-label="Template variables" className="min-w-0">
        <h2 className="mb-2 text-sm font-semibold">
          Template variables{' '}
          <span className="font-normal text-muted">
            ({draft.tiles.filter((tile) => !tile.removed).length})
          </span>
        </h2>
        <div
          ref={tiles}
          className="flex flex-col gap-3"
          onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setFocused(undefined)}
        >
          {draft.tiles.map((tile) => (
            <TileCard
              key={tile.name}
              tile={tile}
              readOnly={readOnly}
              linked={tile.uses.some((use) => use.line === line)}
              onChange={draft.setTile}
              onKeep={draft.keep}
              onFocus={setFocused}
              onGoTo={goToLine}
            />
          ))}
          {draft.tiles.length === 0 && (
            <EmptyState
              icon={<Braces aria-hidden />}
              title="No variables"
              className="rounded-lg border border-dashed border-line-strong py-8"
            >
              {readOnly ? (
                'Launches take this configuration as it is.'
              ) : (
                <>
                  Write <code className="font-mono">{'{{name}}'}</code> in the place of a value that
                  submitters may choose.
                </>
              )}
            </EmptyState>
          )}
        </div>
      </section>
    </div>
  );
}

function focusTile(tiles: HTMLElement | null, variable: string): void {
  const tile = tiles?.querySelector<HTMLElement>(`[data-testid="tile-${CSS.escape(variable)}"]`);
  tile?.scrollIntoView({ block: 'nearest' });
  tile?.querySelector<HTMLElement>('button, input')?.focus();
}

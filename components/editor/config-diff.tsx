'use client';
import type { editor } from 'monaco-editor';
import { useTheme } from 'next-themes';
import { useEffect, useId, useRef } from 'react';
import type { ConfigSource } from '@/core/wire';
import { CodeBlock } from '../ui/code-block';
import './editor.css';
import type { Monaco } from './load-monaco';
import { editorTheme } from './theme';
import { useMonaco } from './use-monaco';

export interface ConfigDiffProps {
  before: ConfigSource;
  after: ConfigSource;
  beforeLabel: string;
  afterLabel: string;
}

/** What changed from one text to another, side by side where there is room. */
export function ConfigDiff(props: ConfigDiffProps) {
  const loaded = useMonaco();
  return (
    <div>
      <div className="grid grid-cols-2 border-b border-line bg-canvas text-xs text-muted">
        <span className="px-3 py-1.5">{props.beforeLabel}</span>
        <span className="px-3 py-1.5">{props.afterLabel}</span>
      </div>
      <div className="h-80" data-testid="config-diff">
        {loaded.state === 'ready' && <LoadedDiff monaco={loaded.monaco} {...props} />}
        {loaded.state === 'failed' && (
          <div className="grid grid-cols-2 gap-2 p-2">
            <CodeBlock code={props.before.source} label={`Copy ${props.beforeLabel}`} />
            <CodeBlock code={props.after.source} label={`Copy ${props.afterLabel}`} />
          </div>
        )}
      </div>
    </div>
  );
}

function LoadedDiff({
  monaco,
  before,
  after,
  beforeLabel,
  afterLabel,
}: ConfigDiffProps & { monaco: Monaco }) {
  const host = useRef<HTMLDivElement>(null);
  const id = useId().replace(/[^A-Za-z0-9]/g, '');
  const { resolvedTheme } = useTheme();
  useEffect(() => monaco.editor.setTheme(editorTheme(resolvedTheme)), [monaco, resolvedTheme]);
  useEffect(() => {
    if (!host.current) return;
    const model = (side: string, { format, source }: ConfigSource) =>
      monaco.editor.createModel(
        source,
        format,
        monaco.Uri.parse(`inmemory://slipway/diff-${id}/${side}.${format}`),
      );
    const original = model('before', before);
    const modified = model('after', after);
    const view = monaco.editor.createDiffEditor(host.current, {
      readOnly: true,
      automaticLayout: true,
      renderSideBySideInlineBreakpoint: 700,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      fontSize: 13,
      lineHeight: 20,
      fontFamily: 'var(--font-geist-mono), ui-monospace, monospace',
      scrollbar: { alwaysConsumeMouseWheel: false },
    });
    view.setModel({ original, modified });
    nameSide(monaco, view.getOriginalEditor(), beforeLabel);
    nameSide(monaco, view.getModifiedEditor(), afterLabel);
    return () => {
      view.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [monaco, id, before, after, beforeLabel, afterLabel]);
  return <div ref={host} className="h-full" />;
}

/** Gives a side its name and keeps it: Monaco's own option for it is forgotten with the next change of any other option. */
function nameSide(monaco: Monaco, side: editor.ICodeEditor, label: string): void {
  const name = () => {
    if (side.getOption(monaco.editor.EditorOption.ariaLabel) !== label)
      side.updateOptions({ ariaLabel: label });
  };
  side.onDidChangeConfiguration(name);
  name();
}

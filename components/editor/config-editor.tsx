'use client';
import type { editor } from 'monaco-editor';
import { useTheme } from 'next-themes';
import { useEffect, useEffectEvent, useId, useImperativeHandle, useRef, type Ref } from 'react';
import type { ConfigFormat, ConfigProblem, MacroUse, Placeholder, ResourceId } from '@/core/wire';
import { cn } from '../lib/cn';
import { Skeleton } from '../ui/skeleton';
import { Textarea } from '../ui/input';
import './editor.css';
import type { Monaco } from './load-monaco';
import { decorationsOf, glyphsOf, markersOf } from './marks';
import { modelPath } from './schemas/path';
import { editorTheme } from './theme';
import { useMonaco } from './use-monaco';

/** What a page can tell an editor to do. */
export interface ConfigEditorHandle {
  /** Shows the line, puts the cursor there and gives the editor the focus. */
  goTo(line: number, column?: number): void;
}

export interface ConfigEditorProps {
  value: string;
  onChange?: (value: string) => void;
  resource: ResourceId;
  format: ConfigFormat;
  placeholders?: readonly Placeholder[];
  macros?: readonly MacroUse[];
  problems?: readonly ConfigProblem[];
  /** Variable whose tile has the focus. */
  linked?: string | undefined;
  /** The line of the cursor, when it moves. */
  onLine?: (line: number) => void;
  readOnly?: boolean;
  label?: string;
  /** `mod+shift+p` inside the editor, where the browser's shortcuts are not heard. */
  onParse?: () => void;
  onSave?: () => void;
  className?: string;
  ref?: Ref<ConfigEditorHandle>;
}

const NOTHING: readonly never[] = [];

/** A configuration with completion, hover, coloured placeholders and its problems; a plain text box if the editor cannot be loaded. */
export function ConfigEditor(props: ConfigEditorProps) {
  const loaded = useMonaco();
  const { className, readOnly = false, label = 'Configuration' } = props;
  return (
    <div className={cn('flex min-w-0 flex-col', className)}>
      <div data-testid="config-editor" data-state={loaded.state} className="h-104 overflow-hidden bg-surface">
        {loaded.state === 'loading' && <LoadingEditor />}
        {loaded.state === 'ready' && <LoadedEditor {...props} monaco={loaded.monaco} />}
        {loaded.state === 'failed' && (
          <Textarea
            mono
            aria-label={label}
            readOnly={readOnly}
            value={props.value}
            onChange={(event) => props.onChange?.(event.target.value)}
            className="h-full resize-none rounded-none border-0"
          />
        )}
      </div>
      <p className="border-t border-line bg-canvas px-3 py-1.5 text-xs text-muted">
        {loaded.state === 'failed'
          ? 'The editor could not be loaded; this is a plain text box. Reload the page to try again.'
          : readOnly
            ? 'Read-only.'
            : 'Tab indents or takes a suggestion; Ctrl+M lets Tab leave the editor. Ctrl+Space suggests; again, it explains.'}
      </p>
    </div>
  );
}

function LoadingEditor() {
  return (
    <div className="space-y-2.5 p-4" role="status" aria-label="Loading the editor">
      {['w-40', 'w-64', 'w-52', 'w-72', 'w-32'].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  );
}

function LoadedEditor({ monaco, ...props }: ConfigEditorProps & { monaco: Monaco }) {
  const {
    value,
    resource,
    format,
    placeholders = NOTHING,
    macros = NOTHING,
    problems = NOTHING,
    linked,
    readOnly = false,
    label = 'Configuration',
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const instance = useRef<editor.IStandaloneCodeEditor>(null);
  const decorations = useRef<editor.IEditorDecorationsCollection>(null);
  const id = useId().replace(/[^A-Za-z0-9]/g, '');
  const { resolvedTheme } = useTheme();

  // Typed texts that have not come back as `value` yet. One that comes back late must not undo what was typed after it.
  const sent = useRef<string[]>([]);
  const changed = useEffectEvent((text: string) => {
    if (text === (sent.current.at(-1) ?? props.value)) return;
    sent.current.push(text);
    props.onChange?.(text);
  });
  const moved = useEffectEvent((line: number) => props.onLine?.(line));
  const parse = useEffectEvent(() => props.onParse?.());
  const save = useEffectEvent(() => props.onSave?.());

  useEffect(() => {
    if (!host.current) return;
    const popups = document.body.appendChild(document.createElement('div'));
    popups.className = 'monaco-editor config-editor-popups';
    const created = monaco.editor.create(host.current, {
      model: null,
      theme: editorTheme(document.documentElement.dataset.theme),
      automaticLayout: true,
      fontFamily: 'var(--font-geist-mono), ui-monospace, monospace',
      fontSize: 13,
      lineHeight: 20,
      glyphMargin: true,
      lineNumbersMinChars: 3,
      lineDecorationsWidth: 4,
      folding: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      overviewRulerBorder: false,
      fixedOverflowWidgets: true,
      overflowWidgetsDomNode: popups,
      padding: { top: 8, bottom: 8 },
      // Enter is always a new line, whatever is just being suggested; Tab takes a suggestion.
      acceptSuggestionOnEnter: 'off',
      wordBasedSuggestions: 'off',
      quickSuggestions: { other: true, strings: true, comments: false },
      stickyScroll: { enabled: false },
      bracketPairColorization: { enabled: false },
      // Text that is put in at once stays as it is; the Enter key keeps the indentation by the action below.
      autoIndent: 'none',
      // What is typed is what stands there: a closing quote of the editor's own is not always typed over in time.
      autoClosingQuotes: 'never',
      autoClosingBrackets: 'never',
      unicodeHighlight: { ambiguousCharacters: false },
      scrollbar: { alwaysConsumeMouseWheel: false },
    });
    created.onDidChangeModelContent(() => changed(created.getValue()));
    created.onDidChangeCursorPosition((event) => moved(event.position.lineNumber));
    created.onDidFocusEditorText(() => moved(created.getPosition()?.lineNumber ?? 1));
    const { KeyMod, KeyCode } = monaco;
    created.addAction({
      id: 'slipway.parse',
      label: 'Parse configuration',
      keybindings: [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyP],
      run: () => parse(),
    });
    created.addAction({
      id: 'slipway.save',
      label: 'Save',
      keybindings: [KeyMod.CtrlCmd | KeyCode.KeyS],
      run: () => save(),
    });
    created.addAction({
      id: 'slipway.newLine',
      label: 'New line with the same indentation',
      keybindings: [KeyCode.Enter],
      precondition: 'textInputFocus && !editorReadonly && !renameInputVisible && !findWidgetVisible',
      run: (target) => target.trigger('keyboard', 'type', { text: `\n${indentAfter(target)}` }),
    });
    instance.current = created;
    decorations.current = created.createDecorationsCollection();
    return () => {
      instance.current = null;
      decorations.current = null;
      created.dispose();
      popups.remove();
    };
  }, [monaco]);

  const firstText = useEffectEvent(() => props.value);
  useEffect(() => {
    const model = monaco.editor.createModel(
      firstText(),
      format,
      monaco.Uri.parse(modelPath(id, resource, format)),
    );
    model.updateOptions({ tabSize: 2, insertSpaces: true });
    instance.current?.setModel(model);
    return () => model.dispose();
  }, [monaco, id, resource, format]);

  useEffect(() => {
    const late = value === sent.current.at(-1) ? sent.current.length - 1 : sent.current.indexOf(value);
    sent.current.splice(0, late === -1 ? Infinity : late + 1);
    const model = instance.current?.getModel();
    if (late !== -1 || !model || model.getValue() === value) return;
    // As an edit, so that undo brings back what was there.
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null);
  }, [value]);

  useEffect(() => {
    instance.current?.updateOptions({ readOnly, ariaLabel: label, domReadOnly: readOnly });
  }, [readOnly, label]);
  useEffect(() => monaco.editor.setTheme(editorTheme(resolvedTheme)), [monaco, resolvedTheme]);

  useEffect(() => {
    const model = instance.current?.getModel();
    if (!model) return;
    decorations.current?.set([...decorationsOf({ placeholders, macros, linked }), ...glyphsOf(problems)]);
    monaco.editor.setModelMarkers(model, 'slipway', markersOf(problems));
  }, [monaco, placeholders, macros, problems, linked, resource, format]);

  useImperativeHandle(
    props.ref,
    () => ({
      goTo(line, column = 1) {
        instance.current?.revealLineInCenterIfOutsideViewport(line);
        instance.current?.setPosition({ lineNumber: line, column });
        instance.current?.focus();
      },
    }),
    [],
  );

  return <div ref={host} className="h-full" />;
}

/** Indentation of a line that is begun at the cursor: that of the line, and a step more after an opening character. */
function indentAfter(target: editor.ICodeEditor): string {
  const model = target.getModel();
  const position = target.getPosition();
  if (!model || !position) return '';
  const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
  const own = /^[ \t]*/.exec(before)?.[0] ?? '';
  return /[:{[]\s*$/.test(before) ? `${own}  ` : own;
}

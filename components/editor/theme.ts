import type { editor } from 'monaco-editor';
import type { Monaco } from './load-monaco';

/** Names of the two themes, by the theme of the page. */
export const EDITOR_THEMES = { light: 'slipway-light', dark: 'slipway-dark' } as const;
export const editorTheme = (resolved: string | undefined): string =>
  resolved === 'dark' ? EDITOR_THEMES.dark : EDITOR_THEMES.light;

interface Palette {
  base: 'vs' | 'vs-dark';
  surface: string;
  raised: string;
  border: string;
  ink: string;
  faint: string;
  line: string;
  selection: string;
  accent: string;
  key: string;
  string: string;
  number: string;
  comment: string;
  /** A line that is gone, and the words of it; see-through, over each other. */
  removed: { line: string; words: string };
}

// Monaco takes no CSS variables; these are the tokens of app/globals.css.
const LIGHT: Palette = {
  base: 'vs',
  surface: '#ffffff',
  raised: '#ffffff',
  border: '#c3ccd1',
  ink: '#13202a',
  faint: '#5f6c76',
  line: '#f0f4f5',
  selection: '#bfe3ea',
  accent: '#0b6577',
  key: '#0a6071',
  string: '#14713d',
  number: '#6a3fb0',
  comment: '#5f6c76',
  removed: { line: '#ff000010', words: '#ff00001a' },
};
const DARK: Palette = {
  base: 'vs-dark',
  surface: '#131b20',
  raised: '#1a242a',
  border: '#384750',
  ink: '#e8eef1',
  faint: '#8f9da6',
  line: '#1b252b',
  selection: '#1f4d58',
  accent: '#2fa9bf',
  key: '#5cc8da',
  string: '#5fcf8b',
  number: '#bea0f5',
  comment: '#8f9da6',
  removed: { line: '#ff000033', words: '#ff000033' },
};

function theme(palette: Palette): editor.IStandaloneThemeData {
  const rule = (token: string, color: string) => ({ token, foreground: color.slice(1) });
  return {
    base: palette.base,
    inherit: true,
    rules: [
      rule('', palette.ink),
      rule('type', palette.key),
      rule('string.key.json', palette.key),
      rule('string', palette.string),
      rule('string.value.json', palette.string),
      rule('string.yaml', palette.ink),
      rule('number', palette.number),
      rule('keyword', palette.number),
      rule('comment', palette.comment),
    ],
    colors: {
      'editor.background': palette.surface,
      'editor.foreground': palette.ink,
      'editorGutter.background': palette.surface,
      'editorLineNumber.foreground': palette.faint,
      'editorLineNumber.activeForeground': palette.ink,
      'editor.lineHighlightBackground': palette.line,
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': palette.selection,
      'editorCursor.foreground': palette.accent,
      focusBorder: '#00000000',
      'editorWidget.background': palette.raised,
      'editorWidget.border': palette.border,
      'editorSuggestWidget.background': palette.raised,
      'editorSuggestWidget.border': palette.border,
      'editorSuggestWidget.foreground': palette.ink,
      'editorSuggestWidget.selectedBackground': palette.selection,
      'editorSuggestWidget.selectedForeground': palette.ink,
      'editorSuggestWidget.highlightForeground': palette.key,
      'editorSuggestWidget.focusHighlightForeground': palette.key,
      'editorHoverWidget.background': palette.raised,
      'editorHoverWidget.border': palette.border,
      'diffEditor.removedLineBackground': palette.removed.line,
      'diffEditor.removedTextBackground': palette.removed.words,
    },
  };
}

export function defineThemes(monaco: Monaco): void {
  monaco.editor.defineTheme(EDITOR_THEMES.light, theme(LIGHT));
  monaco.editor.defineTheme(EDITOR_THEMES.dark, theme(DARK));
}

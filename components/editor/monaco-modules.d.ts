/** Modules of Monaco that are published without types. */
declare module 'monaco-editor/esm/vs/editor/edcore.main.js';
declare module 'monaco-editor/esm/vs/basic-languages/yaml/yaml.contribution.js';
declare module 'monaco-editor/esm/vs/common/workers.js' {
  export { createWebWorker } from 'monaco-editor';
}
declare module 'monaco-editor/esm/vs/language/json/monaco.contribution.js' {
  import type { json } from 'monaco-editor';
  export const jsonDefaults: typeof json.jsonDefaults;
}
declare module 'monaco-editor/esm/vs/editor/editor.api.js' {
  export * from 'monaco-editor';
}

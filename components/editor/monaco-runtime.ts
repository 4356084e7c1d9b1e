/**
 * Monaco with the two languages of a configuration. Only ever imported lazily (`loadMonaco`): it is some 3 MB of script.
 * Workers are bundled with the application; nothing is fetched from elsewhere.
 */
import 'monaco-editor/esm/vs/editor/edcore.main.js';
import 'monaco-editor/esm/vs/basic-languages/yaml/yaml.contribution.js';
import * as json from 'monaco-editor/esm/vs/language/json/monaco.contribution.js';
import { createWebWorker } from 'monaco-editor/esm/vs/common/workers.js';
import * as monaco from 'monaco-editor/esm/vs/editor/editor.api.js';
import { configureMonacoYaml } from 'monaco-yaml';
import { CONFIG_SCHEMAS } from './schemas';
import { defineThemes } from './theme';

globalThis.MonacoEnvironment = {
  getWorker(_moduleId, label) {
    const options = { type: 'module', name: label } as const;
    if (label === 'yaml') return new Worker(new URL('monaco-yaml/yaml.worker.js', import.meta.url), options);
    if (label === 'json')
      return new Worker(
        new URL('monaco-editor/esm/vs/language/json/json.worker.js', import.meta.url),
        options,
      );
    return new Worker(new URL('monaco-editor/esm/vs/editor/editor.worker.js', import.meta.url), options);
  },
};

/*
 * The languages' own validation is off: an unquoted placeholder is an error to them. What is wrong with a configuration is said by
 * `core/templates` alone; the schemas serve completion and hover.
 */
json.jsonDefaults.setDiagnosticsOptions({
  validate: false,
  allowComments: true,
  enableSchemaRequest: false,
  schemas: CONFIG_SCHEMAS.map(({ uri, fileMatch, schema }) => ({
    uri,
    fileMatch: [`${fileMatch}.json`],
    schema,
  })),
});

// monaco-yaml still asks for its worker by module name, which Monaco 0.55 offers under `createWebWorker` beside `editor`.
const withWorkersByName = { ...monaco, editor: { ...monaco.editor, createWebWorker } };
configureMonacoYaml(withWorkersByName as unknown as Parameters<typeof configureMonacoYaml>[0], {
  validate: false,
  completion: true,
  hover: true,
  format: { enable: false },
  enableSchemaRequest: false,
  schemas: CONFIG_SCHEMAS.map(({ uri, fileMatch, schema }) => ({
    uri,
    fileMatch: [`${fileMatch}.yaml`],
    schema,
  })),
});

defineThemes(monaco);

export { monaco };

/** Imports go one way: app → components → core, server → core, workers → core (background → server), cli → core. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(app|components|core|server|workers|cli|scripts|e2e|bench)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    only(
      'core-imports-nothing-of-ours',
      '^core/',
      '^core/',
      'core runs in browsers, servers and agents alike',
    ),
    only(
      'components-import-core',
      '^components/',
      '^(components|core)/',
      'the browser talks to the server over HTTP only',
    ),
    {
      ...only(
        'app-has-one-door',
        '^app/',
        '^(app|components|core)/|^server/session\\.ts$',
        'pages reach the server through server/session',
      ),
      from: { path: '^app/', pathNot: '^app/api/' },
    },
    only(
      'app-api-imports-server',
      '^app/api/',
      '^(app/api|core|server)/',
      'the auth route is part of the server',
    ),
    only(
      'server-imports-core',
      '^server/',
      '^(server|core)/|^scripts/lib/',
      'the server knows nothing of pages, agents or the CLI',
    ),
    {
      ...only('agent-imports-core', '^workers/agent/', '^(workers/agent|core)/', 'agents talk only HTTP'),
      from: { path: '^workers/agent/', pathNot: '/testing/' },
    },
    only(
      'agent-tests-start-services',
      '^workers/agent/.*/testing/',
      '^(workers/agent|core)/|^scripts/lib/',
      'helpers of tests start services, else as the agent',
    ),
    only('background-imports-server', '^workers/background/', '^(workers/background|server|core)/'),
    only('cli-imports-core', '^cli/', '^(cli|core|workers/agent)/', 'the CLI talks only HTTP'),
    {
      name: 'core-has-no-io',
      severity: 'error',
      from: { path: '^core/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-test-code-in-product',
      severity: 'error',
      from: { pathNot: '\\.test\\.tsx?$|/testing/|^e2e/' },
      to: { path: '\\.test\\.tsx?$|/testing/' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: 'generated' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'server/db/generated' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

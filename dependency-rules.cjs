// Who may import whom. Each rule's comment says what to do instead.
const area = (name) => `^src/${name}/`
const TEST = '\\.test\\.ts$'

/** A folder that may import only itself, the domain and what is listed. */
const closed = (name, also, comment) => ({
  name: `${name}-stays-apart`,
  comment,
  severity: 'error',
  from: { path: area(name), pathNot: TEST },
  to: { path: '^src/', pathNot: [area(name), area('domain'), ...also] },
})

/** One owner per library: everybody else asks the owner's port. */
const owned = (library, owners, comment) => ({
  name: `${library}-has-one-owner`,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: [...owners, TEST] },
  to: { path: `(^|node_modules/)${library}(/|$)` },
})

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one subject or three: move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file: delete it, or import it where it was meant to be used.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['\\.d\\.ts$', TEST] },
      to: {},
    },
    {
      name: 'no-unlisted-library',
      comment: 'A library that the product runs on stands under "dependencies" in package.json.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'domain-imports-nobody',
      comment: 'The domain is what all others agree on: state a port there and implement it in its own area.',
      severity: 'error',
      from: { path: area('domain'), pathNot: TEST },
      to: { pathNot: area('domain') },
    },
    closed('config', [], 'Configuration is values; whoever needs one is given it by compose.ts.'),
    closed('credentials', [], 'Passwords and tokens know no other area; operations use them through their ports.'),
    closed('encryption', [], 'Keys and ciphers know nothing of what they seal; others use the ports of the domain.'),
    closed('formats', [], 'File formats know nothing of what they are read for.'),
    closed('models', [area('formats')], 'Packs know files; running them is passed in by compose.ts.'),
    closed(
      'extraction',
      [],
      'Extraction turns photos into templates; it is given a verified pack, and stores nothing.',
    ),
    closed('gallery', [], 'The gallery sees templates through the TemplateLog port of the domain.'),
    closed('records', [], 'Records store; what happens before and after is an operation.'),
    closed('moving-in', [area('formats'), area('models')], 'Moving in writes through the ports of the domain.'),
    closed('evaluation', [], 'Evaluation is given an extractor; the command line wires it.'),
    closed('telemetry', [], 'Telemetry measures through ports of the domain; compose.ts says what.'),
    closed('operations', [], 'Operations use ports of the domain; compose.ts says who implements them.'),
    closed('http', [area('operations')], 'HTTP translates: put the work into an operation and call that.'),
    closed('loadtest', [area('http/wire')], 'A load test knows the server by its address and its wire contract alone.'),
    {
      name: 'loadtest-takes-words-not-work',
      comment:
        'A load test must not share code with what it measures: of the wire it takes addresses, words and types.',
      severity: 'error',
      from: { path: area('loadtest'), pathNot: TEST },
      to: {
        path: area('http'),
        pathNot: ['^src/http/wire/(paths|client)\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'stages-do-not-know-each-other',
      comment: 'A stage is given what the one before it made; extract-faces.ts states the order.',
      severity: 'error',
      from: { path: '^src/extraction/(decode|detect|landmarks|align|embed|quality)/', pathNot: TEST },
      to: {
        path: '^src/extraction/',
        pathNot: ['^src/extraction/$1/', '^src/extraction/(inference|picture)/'],
      },
    },
    {
      name: 'only-entry-points-compose',
      comment: 'compose.ts wires everything and is imported by commands only; take the part you need as an argument.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(main|compose)\\.ts$', area('cli'), area('compose'), TEST] },
      to: { path: '^src/compose(\\.ts$|/)' },
    },
    owned('onnxruntime-node', [area('extraction/inference')], 'Run networks through src/extraction/inference.'),
    owned('sharp', [area('extraction/decode')], 'Pictures are decoded and encoded in src/extraction/decode.'),
    owned('kysely', [area('records')], 'SQL lives in src/records; add to a port of the domain.'),
    owned('better-sqlite3', [area('records')], 'SQL lives in src/records; add to a port of the domain.'),
    owned('mysql2', [area('records')], 'SQL lives in src/records; add to a port of the domain.'),
    owned('@?fastify', [area('http')], 'HTTP lives in src/http.'),
    owned('prom-client', [area('telemetry')], 'Metrics are defined in src/telemetry.'),
    owned('protobufjs', [area('models')], 'ONNX files are read and written in src/models/onnx.'),
    owned('commander', [area('cli'), '^src/main\\.ts$'], 'The command line lives in src/cli.'),
    owned('cli-progress', [area('cli')], 'Report progress through a callback; src/cli/progress.ts draws it.'),
    owned('undici', [area('loadtest/client')], 'The server calls nobody; load is sent through src/loadtest/client.'),
    owned('@node-rs', [area('credentials')], 'Hash passwords through the Passwords port.'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/kernel/assembly/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}

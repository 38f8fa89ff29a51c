import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveDescriptors } from '../artifacts/artifact-schemas.js';
import { hashTools } from '../artifacts/hash-schema.js';
import type { Json } from '../schema/json.js';
import { serialize } from '../snapshots/state-store.js';
import { readSource, renderCatalog, verifyCatalog, type RenderSource } from './index.js';

const tool = (name: string, more: object = {}): Json =>
  ({
    name,
    description: `does ${name}`,
    inputSchema: {
      type: 'object',
      properties: { path: { type: 'string' } },
      required: ['path'],
      additionalProperties: false,
    },
    ...more,
  }) as Json;

const describeServers = (servers: Record<string, Json[]>): LiveDescriptors => ({
  schemaVersion: 1,
  kind: 'live-descriptors',
  capturedAt: '2026-01-01T00:00:00Z',
  servers: Object.entries(servers).map(([name, tools]) => ({
    name,
    health: 'up',
    durationMs: 1,
    pages: 1,
    tools,
    hashes: hashTools(tools),
    problems: [],
  })),
});

const source = (origin: string, value: object): RenderSource => {
  const reading = readSource(origin, value);
  if (reading.kind !== 'read') throw new Error(reading.problems.join());
  return reading.source;
};
const overrides = (origin: string, value: object) => source(origin, { schemaVersion: 2, ...value });
const descriptors = describeServers({ fs: [tool('read'), tool('write')], db: [tool('read')] });

describe('overrides', () => {
  it('the last level wins, and within it the last source', () => {
    const { catalog, origins } = renderCatalog(
      [
        overrides('tracked', {
          master: {
            tools: { '*': { description: 'master *', annotations: { readOnlyHint: true } } },
          },
          servers: {
            fs: {
              tools: {
                '*': { description: 'server *' },
                read: { description: 'tool', annotations: { title: 'Read' } },
              },
            },
          },
        }),
        overrides('local', {
          master: { tools: { '*': { description: 'local master *' } } },
          servers: { fs: { tools: { write: { name: 'fs_write' } } } },
        }),
      ],
      descriptors,
    );
    expect(
      catalog.tools.map(({ server, name, description, annotations }) => [
        server,
        name,
        description,
        annotations,
      ]),
    ).toEqual([
      ['db', 'db__read', 'local master *', { readOnlyHint: true }],
      ['fs', 'fs__read', 'tool', { readOnlyHint: true, title: 'Read' }],
      ['fs', 'fs_write', 'server *', { readOnlyHint: true }],
    ]);
    expect(origins.get('fs/read')).toEqual([
      { origin: 'tracked', level: 'master *', keys: ['description', 'annotations'] },
      { origin: 'local', level: 'master *', keys: ['description'] },
      { origin: 'tracked', level: 'server *', keys: ['description'] },
      { origin: 'tracked', level: 'server tool', keys: ['description', 'annotations'] },
    ]);
  });

  it('arrays replace, objects are merged', () => {
    const { catalog } = renderCatalog(
      [
        overrides('o', {
          servers: {
            fs: {
              tools: {
                read: { inputSchema: { required: [], properties: { mode: { enum: ['r'] } } } },
              },
            },
          },
        }),
      ],
      describeServers({ fs: [tool('read')] }),
    );
    expect(catalog.tools[0]!.inputSchema).toMatchObject({
      properties: { path: { type: 'string' }, mode: { enum: ['r'] } },
      required: [],
    });
  });

  it('what is switched off is not there, and can be switched on again', () => {
    const { catalog } = renderCatalog(
      [
        overrides('o', {
          servers: {
            fs: { enabled: false, tools: { write: { enabled: true } } },
            db: { tools: { read: { enabled: false } } },
          },
        }),
      ],
      descriptors,
    );
    expect(catalog.tools.map(({ name }) => name)).toEqual(['write']);
    expect(catalog.disabled).toEqual([
      { server: 'db', tool: 'read' },
      { server: 'fs', tool: 'read' },
    ]);
  });

  it('names of prototypes are names', () => {
    const value = JSON.parse(
      '{"schemaVersion": 2, "servers": {"__proto__": {"tools": {"constructor": {"description": "mine"}}}}}',
    ) as object;
    const { catalog } = renderCatalog(
      [source('o', value)],
      describeServers(
        JSON.parse(`{"__proto__": [${JSON.stringify(tool('constructor'))}]}`) as Record<
          string,
          Json[]
        >,
      ),
    );
    expect(catalog.tools[0]).toMatchObject({
      server: '__proto__',
      name: 'constructor',
      description: 'mine',
    });
  });
});

const aggregation = (more: object = {}) => ({
  name: 'files',
  description: 'all of them',
  inputSchema: {
    type: 'object',
    properties: { operation: {}, path: {} },
    additionalProperties: false,
  },
  operations: [
    {
      value: 'write',
      downstreamTool: 'write',
      downstreamServer: 'fs',
      argumentMappings: [{ target: 'path', source: 'path' }],
    },
  ],
  ...more,
});
const aggregations = (more: object, rest: object = {}) =>
  source('agg', { schemaVersion: 1, aggregations: [aggregation(more)], ...rest });

describe('aggregates', () => {
  it('stand in the catalog with a reference to the schema behind them, and hide what they replace', () => {
    const { catalog } = renderCatalog(
      [
        aggregations(
          { hideTools: ['write'], lockSchema: true },
          { hiddenTools: [{ server: 'db', tool: 'read', reason: 'slow' }] },
        ),
      ],
      descriptors,
    );
    expect(catalog.tools.map(({ server, name }) => `${server}/${name}`)).toEqual([
      'aggregates/files',
      'fs/read',
    ]);
    expect(catalog.hidden).toEqual([
      { server: 'db', tool: 'read', reason: 'slow' },
      { server: 'fs', tool: 'write' },
    ]);
    expect(catalog.tools[0]).toMatchObject({
      lockSchema: true,
      aggregate: {
        selectorField: 'operation',
        operations: [
          {
            value: 'write',
            downstreamSchemaRef: { toolId: 'fs/write', operation: 'write', schemaHash: null },
          },
        ],
      },
    });
  });

  const operation = (more: object) => ({
    operations: [{ ...aggregation().operations[0], ...more }],
  });
  it.each<[string, object, string]>([
    [
      'an argument that the tool does not take',
      operation({ argumentMappings: [{ target: 'file', source: 'path' }] }),
      'takes no argument "file"',
    ],
    [
      'a required argument that nothing gives',
      operation({ argumentMappings: [] }),
      'its required argument "path"',
    ],
    [
      'a source that is no argument',
      operation({ argumentMappings: [{ target: 'path', source: 'pth' }] }),
      'no argument "pth" to map from',
    ],
    [
      'a value of another type',
      operation({ argumentMappings: [{ target: 'path', value: 7 }] }),
      '"path" does not take 7',
    ],
    [
      'a mapping from nowhere',
      operation({ argumentMappings: [{ target: 'path' }] }),
      'no source, value or default',
    ],
    [
      'a tool of two servers',
      operation({ downstreamTool: 'read', downstreamServer: undefined }),
      'say downstreamServer',
    ],
    ['an operation twice', operation({ aliases: ['write'] }), 'selects two operations'],
    [
      'a tool that is not there',
      operation({ downstreamTool: 'gone' }),
      'not among the descriptors',
    ],
  ])('verify finds %s', (_title, more, message) => {
    const sources = [aggregations(more)];
    const { catalog } = renderCatalog(sources, descriptors);
    expect(
      verifyCatalog(catalog, sources, descriptors)
        .map((finding) => finding.message)
        .join('\n'),
    ).toContain(message);
  });

  it('verify is content with a good one', () => {
    const sources = [aggregations({ hideTools: ['write'] })];
    const { catalog } = renderCatalog(sources, descriptors);
    expect(verifyCatalog(catalog, sources, descriptors)).toEqual([]);
  });

  it('verify finds a hidden tool that leaks', () => {
    const { catalog } = renderCatalog([], descriptors);
    const leaky = { ...catalog, hidden: [{ server: 'fs', tool: 'read' }] };
    expect(verifyCatalog(leaky, [], descriptors).map(({ ruleId }) => ruleId)).toEqual([
      'render.hidden-leaks',
    ]);
  });
});

describe('findings', () => {
  it('collisions, odd names, unreadable tools and what hides nothing', () => {
    const odd = describeServers({ fs: [tool('read'), tool('über'), 7], db: [tool('read')] });
    const { findings } = renderCatalog([aggregations({ hideTools: ['gone', 'read'] })], odd);
    expect(findings.map(({ ruleId, path }) => `${ruleId} ${path}`)).toEqual([
      'render.hides-nothing agg',
      'render.hides-nothing agg',
      'render.tool-unreadable fs/?',
      'render.name-invalid fs/über',
      'render.name-collision db/read',
    ]);
  });

  it('tools of one name are told apart by their servers, an aggregate keeps it', () => {
    const same = describeServers({ 'my fs': [tool('read'), tool('list')], db: [tool('read')] });
    const names = (sources: RenderSource[]): string[] =>
      renderCatalog(sources, same).catalog.tools.map(({ name }) => name);
    expect(names([])).toEqual(['db__read', 'list', 'my_fs__read']);
    expect(names([aggregations({ name: 'read' })])).toEqual([
      'read',
      'db__read',
      'list',
      'my_fs__read',
    ]);
    const [long] = renderCatalog(
      [],
      describeServers({ [`${'s'.repeat(130)}`]: [tool('read')], db: [tool('read')] }),
    ).catalog.tools.slice(1);
    expect(long!.name).toHaveLength(128);
  });

  it('a file of another version, or of another shape, says so', () => {
    expect(readSource('o', { schemaVersion: 1, servers: {} })).toMatchObject({ kind: 'invalid' });
    expect(
      readSource('o', { schemaVersion: 2, servers: { s: { tools: { t: { enabled: 'no' } } } } }),
    ).toEqual({
      kind: 'invalid',
      problems: ['/servers/s/tools/t/enabled: Invalid input: expected boolean, received string'],
    });
  });
});

it('the same input gives the same bytes, whatever the order of servers, tools and keys', () => {
  const reversed = (value: Json): Json => {
    if (Array.isArray(value)) return value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, part]) => [key, reversed(part)]),
    );
  };
  const sources = [aggregations({ hideTools: ['write'] })];
  const expected = serialize(renderCatalog(sources, descriptors).catalog);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...descriptors.servers], { minLength: 2 }),
      fc.boolean(),
      (servers, flip) => {
        const shuffled = servers.map((server) => ({
          ...server,
          durationMs: 99,
          tools: flip ? server.tools.map(reversed).reverse() : server.tools,
        }));
        expect(
          serialize(renderCatalog(sources, { ...descriptors, servers: shuffled }).catalog),
        ).toBe(expected);
      },
    ),
    { numRuns: 20 },
  );
});

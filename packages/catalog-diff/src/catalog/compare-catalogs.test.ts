import { describe, expect, it } from 'vitest';
import {
  compareCatalogs,
  compareHistory,
  comparisonFindings,
  effectiveAnnotations,
  explainGap,
  formatComparison,
  formatComparisonMarkdown,
  readCatalog,
  type Catalog,
  type GapEvidence,
  type Json,
  type Tool,
  type ToolChange,
} from '../index.js';

const schema = (properties: object = { path: { type: 'string' } }, more: object = {}): Json =>
  ({ type: 'object', properties, ...more }) as Json;
const tool = (name: string, more: object = {}): Json => ({ name, inputSchema: schema(), ...more });
const catalog = (...tools: Json[]): Catalog => {
  const reading = readCatalog({ tools });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.catalog;
};
const only = (before: Json[], after: Json[]) =>
  compareCatalogs(catalog(...before), catalog(...after)).tools.filter(
    ({ change }) => change !== 'same',
  );

describe('readCatalog takes what there is', () => {
  const page = { tools: [tool('a')] };
  it.each<[string, unknown, string, string[]]>([
    ['a result of tools/list', page, 'tools-list', ['a']],
    ['a JSON-RPC response', { jsonrpc: '2.0', id: 1, result: page }, 'tools-list', ['a']],
    [
      'pages, an empty one among them',
      [page, { tools: [], nextCursor: 'x' }, { tools: [tool('b')] }],
      'tools-list',
      ['a', 'b'],
    ],
    ['a list of tools', [tool('a'), tool('b')], 'tools-list', ['a', 'b']],
    [
      'live descriptors',
      {
        kind: 'live-descriptors',
        servers: [
          { name: 's', tools: [tool('a')] },
          { name: 't', tools: [tool('a')] },
        ],
      },
      'live-descriptors',
      ['s/a', 't/a'],
    ],
    [
      'an intended catalog',
      { kind: 'intended-catalog', tools: [tool('a', { server: 's' })] },
      'intended-catalog',
      ['s/a'],
    ],
    [
      'names of prototypes',
      { tools: [tool('__proto__'), tool('constructor')] },
      'tools-list',
      ['__proto__', 'constructor'],
    ],
    ['no tools', { tools: [] }, 'tools-list', []],
  ])('%s', (_title, value, kind, names) => {
    const reading = readCatalog(value);
    if (reading.kind === 'refused') throw new Error(reading.message);
    expect(reading.catalog.kind).toBe(kind);
    expect(
      reading.catalog.tools.map(({ server, name }) =>
        server === undefined ? name : `${server}/${name}`,
      ),
    ).toEqual(names);
  });

  it('one bad tool never loses the rest', () => {
    const { tools, problems } = catalog(
      7 as Json,
      tool('a'),
      { title: 'no name' },
      tool('a'),
      tool('b'),
    );
    expect(tools.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problems.map(({ ruleId, pointer }) => `${pointer} ${ruleId}`)).toEqual([
      '/tools/0 catalog.tool-unreadable',
      '/tools/2 catalog.tool-unreadable',
      '/tools/3 catalog.duplicate-tool',
    ]);
  });

  it.each([null, 7, {}, { tools: 7 }, [7], 'x'])('%j is refused', (value) => {
    expect(readCatalog(value).kind).toBe('refused');
  });
});

describe('tools', () => {
  it('order, key order and equal references count for nothing', () => {
    const before = [
      tool('a', {
        inputSchema: schema({ x: { $ref: '#/$defs/t' } }, { $defs: { t: { type: 'string' } } }),
      }),
      tool('b'),
    ];
    const after = [
      tool('b'),
      { inputSchema: { properties: { x: { type: 'string' } }, type: 'object' }, name: 'a' },
    ];
    expect(only(before, after)).toEqual([]);
  });

  it('a schema that breaks, with its call', () => {
    const [change] = only(
      [tool('a')],
      [tool('a', { inputSchema: schema(undefined, { required: ['path'] }) })],
    );
    expect(change).toMatchObject({
      name: 'a',
      change: 'changed',
      input: {
        verdict: 'breaking',
        changes: [{ rule: 'required.added', severity: 'breaking', path: '/required', witness: {} }],
      },
    });
  });

  it.each<[string, object, object, object[]]>([
    [
      'explicit defaults are no change',
      {},
      { annotations: { destructiveHint: true, readOnlyHint: false } },
      [],
    ],
    [
      'no longer only reading',
      { annotations: { readOnlyHint: true } },
      {},
      [
        { rule: 'annotations.readOnlyHint.changed', severity: 'warning', security: true },
        { rule: 'annotations.destructiveHint.changed', severity: 'warning', security: true },
        { rule: 'annotations.idempotentHint.changed', severity: 'info', security: false },
      ],
    ],
    [
      'destroying now',
      { annotations: { destructiveHint: false } },
      {},
      [{ rule: 'annotations.destructiveHint.changed', severity: 'warning', security: true }],
    ],
    [
      'only reading now',
      {},
      { annotations: { readOnlyHint: true } },
      [{ severity: 'info' }, { severity: 'info' }, { severity: 'info' }],
    ],
    [
      'a destructive hint of one that only reads means nothing',
      { annotations: { readOnlyHint: true } },
      { annotations: { readOnlyHint: true, destructiveHint: true } },
      [],
    ],
    [
      'a task is required now',
      {},
      { execution: { taskSupport: 'required' } },
      [{ rule: 'execution.taskSupport.changed', severity: 'warning' }],
    ],
  ])('%s', (_title, before, after, expected) => {
    const [change] = only([tool('a', before)], [tool('a', after)]);
    expect(change?.annotations ?? []).toMatchObject(expected);
  });

  it('effective values', () => {
    expect(effectiveAnnotations({ name: 'a', rest: {} })).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    });
  });

  it.each<[string, object, object, object]>([
    [
      'an output schema has come',
      {},
      { outputSchema: schema() },
      { verdict: 'compatible', changes: [{ rule: 'outputSchema.appeared', severity: 'info' }] },
    ],
    [
      'an output schema is gone',
      { outputSchema: schema() },
      {},
      {
        verdict: 'breaking',
        changes: [{ rule: 'outputSchema.disappeared', severity: 'breaking' }],
      },
    ],
    [
      'an output of any type',
      { outputSchema: { type: ['object', 'array'] } },
      { outputSchema: { type: ['object', 'array', 'null'] } },
      { verdict: 'breaking', changes: [{ rule: 'type.widened', witness: null }] },
    ],
  ])('%s', (_title, before, after, expected) => {
    expect(only([tool('a', before)], [tool('a', after)])[0]!.output).toMatchObject(expected);
  });

  it('an input schema that is no object’s costs the whole list', () => {
    const [change] = only([tool('a')], [tool('a', { inputSchema: { anyOf: [schema()] } })]);
    expect(change!.input).toMatchObject({
      verdict: 'unknown',
      changes: [
        { rule: 'schema.root-not-object', severity: 'breaking' },
        { rule: 'type.widened' },
        { rule: 'prop.removed' },
        { rule: 'anyOf.introduced' },
      ],
    });
  });
});

describe('catalogs', () => {
  it('renamed, removed and added', () => {
    const { tools, summary } = compareCatalogs(
      catalog(
        tool('getSum', { description: 'adds two numbers' }),
        tool('old', { inputSchema: schema({ q: {} }) }),
      ),
      catalog(
        tool('get-sum', { description: 'adds two numbers' }),
        tool('fresh', { inputSchema: schema({ z: {} }) }),
      ),
    );
    expect(tools).toEqual([
      { name: 'fresh', change: 'added' },
      { name: 'get-sum', change: 'renamed', from: 'getSum' },
      { name: 'old', change: 'removed' },
    ]);
    expect(summary).toEqual({
      breaking: 2,
      warnings: 0,
      info: 1,
      unknown: 0,
      added: 1,
      removed: 1,
      renamed: 1,
    });
  });

  const text = { type: 'string' };
  const plain = { inputSchema: schema({}) };
  const numbers = { inputSchema: schema({ a: { type: 'number' }, b: { type: 'number' } }) };
  it.each<[string, Json, Json, boolean]>([
    [
      'another word for it, and parameters that no other tool has',
      tool('add', { description: 'Adds two numbers', ...numbers }),
      tool('get-sum', { description: 'Returns the sum of two numbers', ...numbers }),
      true,
    ],
    [
      'a word in another form',
      tool('sampleLLM', {
        description: 'Samples from an LLM',
        inputSchema: schema({ prompt: text, maxTokens: text }),
      }),
      tool('trigger-sampling-request', {
        description: 'Triggers LLM sampling',
        inputSchema: schema({ prompt: text, maxTokens: text }),
      }),
      true,
    ],
    [
      'the same done to what no other tool is about',
      tool('startElicitation', plain),
      tool('trigger-elicitation-request', plain),
      true,
    ],
    [
      'another action on the same thing',
      tool('create-issue', { inputSchema: schema({ repo: text, title: text }) }),
      tool('close-issue', { inputSchema: schema({ repo: text, title: text }) }),
      false,
    ],
    ['nothing but the thing', tool('read-graph', plain), tool('export-graph', plain), false],
  ])('a rename is guessed at: %s', (_title, before, after, isRename) => {
    const others = [tool('echo', {}), tool('longRunningOperation', {})];
    const { summary } = compareCatalogs(catalog(before, ...others), catalog(after, ...others));
    expect(summary.renamed).toBe(isRename ? 1 : 0);
  });

  it('a shape that other tools have too says nothing of a rename', () => {
    const [before, after] = ['subtract', 'multiply'].map((name) =>
      catalog(
        tool(name, { description: `${name} two numbers`, ...numbers }),
        tool('divide', { description: 'divide two numbers', ...numbers }),
      ),
    );
    expect(compareCatalogs(before!, after!).summary).toMatchObject({ renamed: 0, removed: 1 });
  });

  it('a tool of one server is not that of another, and one that moved says from where', () => {
    const servers = (before: string) => ({
      kind: 'live-catalog',
      tools: [tool('read', { server: before }), tool('list', { server: 'x' })],
    });
    const [left, right] = ['x', 'y'].map((server) => {
      const reading = readCatalog(servers(server));
      if (reading.kind === 'refused') throw new Error(reading.message);
      return reading.catalog;
    });
    expect(compareCatalogs(left!, right!).tools).toEqual([
      { server: 'x', name: 'list', change: 'same' },
      { server: 'y', name: 'read', change: 'renamed', from: 'x/read' },
    ]);
  });

  it('the oldest retained one that breaks', () => {
    const [first, second, third] = [
      catalog(tool('a'), tool('b')),
      catalog(
        tool('a', { inputSchema: schema({ path: { type: ['string', 'null'] } }) }),
        tool('b'),
      ),
      catalog(
        tool('a', { inputSchema: schema({ path: { type: ['string', 'null', 'number'] } }) }),
        tool('b'),
      ),
    ];
    const history = compareHistory(
      [
        { id: '1', catalog: first! },
        { id: '2', catalog: second! },
        { id: '3', catalog: third! },
      ],
      second!,
    );
    expect(history.oldestBroken).toBe('3');
    expect(history.comparisons.map(({ comparison }) => comparison.summary.breaking)).toEqual([
      0, 0, 1,
    ]);
  });

  it('10,000 tools, and twice as many names', () => {
    const many = (prefix: string) =>
      catalog(...Array.from({ length: 10_000 }, (_, at) => tool(`${prefix}${at}`)));
    expect(compareCatalogs(many('a'), many('a')).summary.breaking).toBe(0);
    expect(compareCatalogs(many('a'), many('b')).tools.length).toBeGreaterThan(9_999);
  });
});

describe('causes of a gap', () => {
  const change = (name: string, kind: ToolChange['change'], server = 's'): ToolChange => ({
    server,
    name,
    change: kind,
  });
  const live = (more: object = {}) =>
    ({
      schemaVersion: 1,
      kind: 'live-catalog',
      writtenAt: '',
      servers: [],
      tools: [],
      ...more,
    }) as GapEvidence['live'] & object;
  const intended = (more: object = {}) =>
    ({
      schemaVersion: 1,
      kind: 'intended-catalog',
      descriptors: null,
      tools: [],
      hidden: [],
      disabled: [],
      ...more,
    }) as GapEvidence['intended'] & object;
  const described = (more: object = {}) =>
    ({
      schemaVersion: 1,
      kind: 'live-descriptors',
      capturedAt: '',
      servers: [
        {
          name: 's',
          health: 'up',
          durationMs: 1,
          pages: 1,
          tools: [],
          problems: [],
          hashes: [],
          serverInfo: { version: '1' },
          ...more,
        },
      ],
    }) as GapEvidence['descriptors'] & object;
  const hashes = (input: string) => ({ hashes: [{ tool: 'a', input, output: null }] });
  it.each<[string, ToolChange, GapEvidence, string | undefined]>([
    [
      'hidden',
      change('a', 'added'),
      { intended: intended({ hidden: [{ server: 's', tool: 'a' }] }) },
      'hidden',
    ],
    [
      'disabled',
      change('a', 'added'),
      { intended: intended({ disabled: [{ server: 's', tool: 'a' }] }) },
      'disabled',
    ],
    [
      'a server that is down',
      change('a', 'removed'),
      { live: live({ servers: [{ name: 's', health: 'failed', error: 'exit 1' }] }) },
      'health',
    ],
    [
      'a server that is switched off',
      change('a', 'removed'),
      { live: live({ servers: [{ name: 's', health: 'disabled' }] }) },
      'disabled',
    ],
    ['a server that was not found', change('a', 'removed'), { live: live() }, 'discovery'],
    [
      'a server that is up',
      change('a', 'removed'),
      { live: live({ servers: [{ name: 's', health: 'up' }] }) },
      undefined,
    ],
    [
      'a fallback',
      change('a', 'changed'),
      { live: live({ tools: [{ name: 'a', server: 's', schemaSource: 'generic' }] }) },
      'schema-fallback',
    ],
    [
      'a lock',
      change('a', 'changed'),
      { intended: intended({ tools: [{ name: 'a', server: 's', lockSchema: true }] }) },
      'lock',
    ],
    ['a rename', { ...change('b', 'renamed'), from: 'a' }, {}, 'rename'],
    [
      'another version',
      change('a', 'changed'),
      {
        previousDescriptors: described(hashes('1')),
        descriptors: described({ ...hashes('2'), serverInfo: { version: '2' } }),
      },
      'server-version',
    ],
    [
      'a dependency',
      change('a', 'changed'),
      { previousDescriptors: described(hashes('1')), descriptors: described(hashes('2')) },
      'dependency',
    ],
    [
      'another client',
      change('a', 'changed'),
      {
        previousDescriptors: described(hashes('1')),
        descriptors: described({ ...hashes('2'), clientCapabilities: { roots: {} } }),
      },
      'client-capability',
    ],
    [
      'a server that has it as before, and so is not why',
      change('a', 'removed'),
      { previousDescriptors: described(hashes('1')), descriptors: described(hashes('1')) },
      undefined,
    ],
    [
      'a server that has it no more',
      change('a', 'removed'),
      { previousDescriptors: described(hashes('1')), descriptors: described() },
      'dependency',
    ],
    ['nothing known', change('a', 'changed'), {}, undefined],
  ])('%s', (_title, gap, evidence, kind) => {
    expect(explainGap(gap, evidence)?.kind).toBe(kind);
  });
});

describe('reports', () => {
  const before = catalog(
    tool('read'),
    tool('gone', { inputSchema: schema({ q: {} }) }),
    tool('quiet'),
  );
  const after = catalog(
    tool('read', {
      inputSchema: schema(undefined, { required: ['path'], additionalProperties: false }),
      description: 'new\u001b[31m text',
    }),
    tool('quiet'),
  );
  const comparison = compareCatalogs(before, after);

  it('tools that came or went together are listed together, and no name acts on the terminal', () => {
    const names = ['a', 'b', 'c', 'd\u001b[31m'];
    const text = formatComparison(
      compareCatalogs(catalog(...names.map((name) => tool(name))), catalog(tool('quite-other'))),
      { maxListed: 50 },
    );
    expect(text).toMatch(/^4 tools \(removed\) {2}BREAKS\n {2}a, b, c, d/m);
    expect(text).not.toContain('\u001b');
  });

  it('what breaks several tools in the same words is said once', () => {
    const closed = (name: string) =>
      tool(name, { inputSchema: schema(undefined, { additionalProperties: false }) });
    const many = compareCatalogs(
      catalog(tool('a'), tool('b'), tool('sumUp')),
      catalog(closed('a'), closed('b'), closed('sum-up')),
    );
    const [first, second] = formatComparison(many).split('\n');
    expect(first).toBe(
      'Breaks: 3 of 3 tools (1 renamed). Every call of sumUp fails: it seems to be sum-up now. For example a({"extra":0}) was accepted and is refused now.',
    );
    expect(second).toBe('In 3 tools: properties that are not listed are refused now.');
    expect(formatComparison(many)).toContain(
      'call that breaks by the new name too: sum-up({"extra":0})',
    );
  });

  it('text says in its first line whether an agent breaks, and on which call', () => {
    expect(formatComparison(comparison)).toMatchInlineSnapshot(`
      "Breaks: 2 of 3 tools (1 removed). Every call of gone fails: the tool is gone. For example read({}) was accepted and is refused now.

      gone (removed)  BREAKS
        BREAKS  tool  calls by the old name fail now

      read  BREAKS
        BREAKS   input /required              "path" is required now
                   call that breaks: read({})
        BREAKS   input /additionalProperties  properties that are not listed are refused now
                   call that breaks: read({"extra":0})
        warning  text                         the description appeared
      "
    `);
  });

  it('Markdown for a change request', () => {
    expect(formatComparisonMarkdown(comparison)).toMatchInlineSnapshot(`
      "**Breaks: 2 of 3 tools (1 removed). Every call of gone fails: the tool is gone. For example read(\\{\\}) was accepted and is refused now.**

      | tool | | what | example |
      | --- | --- | --- | --- |
      | \`gone (removed)\` | **breaks** | calls by the old name fail now |  |
      | \`read\` | **breaks** | "path" is required now | \`call that breaks: read({})\` |
      |  | **breaks** | properties that are not listed are refused now | \`call that breaks: read({"extra":0})\` |
      |  | warning | the description appeared |  |
      "
    `);
  });

  it('nothing to say', () => {
    expect(formatComparison(compareCatalogs(before, before))).toBe('No difference: 3 tools.\n');
  });

  it('findings carry the place and the witness', () => {
    expect(
      comparisonFindings(comparison, 'new.json').map(
        ({ ruleId, severity }) => `${severity} ${ruleId}`,
      ),
    ).toEqual([
      'error tool.removed',
      'error required.added',
      'error additionalProperties.closed',
      'warning description.changed',
    ]);
    expect(comparisonFindings(comparison, 'new.json')[1]).toMatchObject({
      path: 'new.json',
      data: { tool: 'read', direction: 'input', pointer: '/required', witness: {} },
    });
  });

  it('a tool’s words cannot act', () => {
    const hostile: Tool = { name: 'a|`b`\n# @team', rest: {} };
    const text = formatComparisonMarkdown(
      compareCatalogs({ ...before, tools: [hostile] }, { ...before, tools: [] }),
    );
    expect(text).not.toMatch(/\n# /);
  });
});

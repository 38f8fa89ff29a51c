import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { mergeYaml } from './index.js';

const BASE = `# service
kind: Service  # what it is
spec:
  # open to all
  ports:
    - name: http
      port: 80
    # secure
    - name: tls
      port: 443
  labels: {app: web, tier: front}
  args: [a, b]
  note: |
    first
    second

meta:
- x
- y
`;

describe('mergeYaml', () => {
  test('keeps comments, order, quoting and layout of ours', () => {
    const ours = BASE.replace('port: 80', "port: '8080' # ours");
    const theirs = `meta: [x, "y", z]
kind: "Service"
spec:
    ports:
        - {name: tls, port: 443}
        - {name: http, port: 80, protocol: tcp}
        - name: quic
          port: 443
          options:
              fast: true
    labels:
        app: web
        tier: back
    args: [z, a, b]
    note: |
        first
        third
    added:
        - 1
`;
    // The base was written by the same program as theirs: nothing there was laid out anew.
    const base = stringify(parse(BASE), { indent: 4 });
    expect(mergeYaml({ base, ours, theirs })).toEqual({
      kind: 'clean',
      by: 'key',
      content: `# service
kind: "Service"  # what it is
spec:
  # open to all
  ports:
    # secure
    - {name: tls, port: 443}
    - name: http
      port: '8080' # ours
      protocol: tcp
    - name: quic
      port: 443
      options:
          fast: true
  labels: {app: web, tier: back}
  args: [z, a, b]
  note: |
      first
      third
  added:
      - 1

meta:
- x
- "y"
- z
`,
    });
  });

  test.each([
    ['an entry deleted', 'a: 1\nb: 2\n', 'a: 1\nb: 2\nc: 3\n', 'b: 2\n', 'b: 2\nc: 3\n'],
    [
      'the first entry of an item deleted',
      '- a: 1\n  b: 2\n',
      '- a: 1\n  b: 2\n  c: 3\n',
      '- b: 2\n',
      '- b: 2\n  c: 3\n',
    ],
    [
      'all entries deleted',
      'm:\n  a: 1\nz: 1\n',
      'm:\n  a: 1\nz: 2\n',
      'm: {}\nz: 1\n',
      'm: {}\nz: 2\n',
    ],
    [
      'an empty value filled',
      'm:\nz: 1\n',
      'm:\nz: 2\n',
      'm:\n  a: 1\nz: 1\n',
      'm:\n  a: 1\nz: 2\n',
    ],
    [
      'an empty map filled',
      'm: {}\nz: 1\n',
      'm: {}\nz: 2\n',
      'm:\n    a: 1\nz: 1\n',
      'm:\n    a: 1\nz: 2\n',
    ],
    ['a list that both added', 'z: 1\n', 'z: 1\na: []\n', 'z: 1\na:\n- 1\n', 'z: 1\na:\n- 1\n'],
    [
      'a comment above what is added',
      'a: 1\n',
      'a: 1\nz: 1\n',
      'a: 1\n\n# why\nb: 2\n',
      'a: 1\n\n# why\nb: 2\nz: 1\n',
    ],
    ['no end of the last line', 'a: 1', 'a: 2', 'a: 1\nb: 1', 'a: 2\nb: 1'],
    [
      'an anchor',
      'a: &x {k: 1}\nb: *x\n',
      'a: &x {k: 1}\nb: *x\nc: 1\n',
      'a: &x {k: 2}\nb: *x\nd: *x\n',
      'a: &x {k: 2}\nb: *x\nd: *x\nc: 1\n',
    ],
    [
      'several documents',
      'kind: A\na: 1\n---\nkind: B\nb: 1\n',
      'kind: A\na: 2\n---\nkind: B\nb: 1\n',
      'kind: A\na: 1\n---\nkind: B\nb: 2\n',
      'kind: A\na: 2\n---\nkind: B\nb: 2\n',
    ],
    [
      'a deeper indentation',
      'a:\n  b: 1\n',
      'a:\n    b: 1\n    c: 1\n',
      'a:\n  b: 1\n  d:\n    e: 1\n',
      'a:\n    b: 1\n    d:\n      e: 1\n    c: 1\n',
    ],
    [
      'a merge key',
      'a: &x\n  k: 1\nb:\n  <<: *x\n',
      'a: &x\n  k: 1\nb:\n  <<: *x\n  z: 1\n',
      'a: &x\n  k: 2\nb:\n  <<: *x\n',
      'a: &x\n  k: 2\nb:\n  <<: *x\n  z: 1\n',
    ],
    [
      'a tag of its own',
      'a: !ref x\n',
      'a: !ref x\nb: 1\n',
      'a: !other x\n',
      'a: !other x\nb: 1\n',
    ],
    ['CRLF in ours', 'a: 1\nb: 1\n', 'a: 2\r\nb: 1\r\n', 'a: 1\nb: 2\n', 'a: 2\r\nb: 2\r\n'],
  ])('%s', (_, base, ours, theirs, content) => {
    expect(mergeYaml({ base, ours, theirs })).toEqual({ kind: 'clean', by: 'key', content });
  });

  test('names conflicts by path and marks their lines only', () => {
    const ours = BASE.replace('443', '444').replace(/kind.*\n/, '');
    const theirs = BASE.replace('443', '445').replace('Service', 'Deployment').replace('- y\n', '');
    const merged = mergeYaml({ base: BASE, ours, theirs }, { style: 'diff3' });
    expect(merged).toMatchObject({
      kind: 'conflicted',
      by: 'key',
      paths: [
        { path: 'spec.ports[name=tls].port', base: '443', ours: '444', theirs: '445' },
        { path: 'kind', base: 'Service', theirs: 'Deployment' },
      ],
    });
    expect(merged.content).toBe(`# service
<<<<<<< ours
||||||| base
kind: Service  # what it is
=======
kind: Deployment  # what it is
>>>>>>> theirs
spec:
  # open to all
  ports:
    - name: http
      port: 80
    # secure
    - name: tls
<<<<<<< ours
      port: 444
||||||| base
      port: 443
=======
      port: 445
>>>>>>> theirs
  labels: {app: web, tier: front}
  args: [a, b]
  note: |
    first
    second

meta:
- x
`);
  });

  test.each([
    ['a: [', /^theirs cannot be read: /],
    ['a: 1\na: 2\n', /^theirs cannot be read: Map keys must be unique/],
    ['? {a: 1}\n: 2\n', /^theirs cannot be read: a key is not a scalar/],
    ['a: 1\n---\nb: 2\n', /^the documents cannot be told apart by apiVersion, kind, /],
    ['', /^theirs cannot be read: a document is empty/],
    ['# nothing\n', /^theirs cannot be read: a document is empty/],
    ['a: *x\n', /^theirs cannot be read: alias \*x has no anchor before it/],
    ['['.repeat(5000), /^theirs cannot be read: nested more than 200 deep/],
    ['- '.repeat(5000), /^theirs cannot be read: nested more than 200 deep/],
  ])('merges by line what it cannot read', (theirs, reason) => {
    const merged = mergeYaml({ base: 'a: 0\n', ours: 'a: 3\n', theirs });
    expect(merged).toMatchObject({ kind: 'conflicted', by: 'line', paths: [] });
    expect(merged).toMatchObject({ reason: expect.stringMatching(reason) as string });
  });

  const service = (name: string, replicas = 1): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: ${replicas}\n`;

  test('pairs documents by what they are, not by their place', () => {
    const merged = mergeYaml({
      base: ['a', 'b', 'c'].map((name) => service(name)).join('---\n'),
      ours: [service('a'), service('b', 5), service('c')].join('---\n'),
      theirs: ['b', 'c', 'd'].map((name) => service(name)).join('---\n'),
    });
    const content = [service('b', 5), service('c'), service('d')].join('---\n');
    expect(merged).toMatchObject({ kind: 'clean', by: 'key' });
    expect(merged.content.replace(/^---\n/, '')).toBe(content);
  });

  test('an object stays the same in another version of its API', () => {
    const upgraded = service('b', 2).replace('apps/v1', 'apps/v2');
    const merged = mergeYaml({
      base: [service('a'), service('b')].join('---\n'),
      ours: [
        service('a'),
        service('b', 1).replace('  replicas: 1', '  paused: true\n  replicas: 1'),
      ].join('---\n'),
      theirs: [upgraded, service('a')].join('---\n'),
    });
    expect(merged).toMatchObject({ kind: 'clean', by: 'key' });
    expect(merged.content).toContain('apps/v2');
    expect(merged.content).toContain('  paused: true\n  replicas: 2\n');
  });

  test('pairs documents by other members on demand', () => {
    const step = (id: string, run: string): string => `step: {id: ${id}}\nrun: ${run}\n`;
    const sides = {
      base: [step('x', 'a'), step('y', 'b')].join('---\n'),
      ours: [step('x', 'a'), step('y', 'mine')].join('---\n'),
      theirs: [step('y', 'b'), step('z', 'c')].join('---\n'),
    };
    expect(mergeYaml(sides)).toMatchObject({ by: 'line' });
    const merged = mergeYaml(sides, { documentKeys: ['step.id'] });
    expect(merged).toMatchObject({ kind: 'clean', by: 'key' });
    expect(merged.content.replace(/^---\n/, '')).toBe(
      [step('y', 'mine'), step('z', 'c')].join('---\n'),
    );
  });

  test.each([
    [
      'a pin and what it stands for',
      'steps:\n- uses: a/checkout@1111 # v1\n- run: x\n',
      'steps:\n- uses: a/checkout@1111 # v1\n  with: {depth: 1}\n- run: x\n',
      'steps:\n- uses: a/checkout@2222 # v2\n- run: x\n',
      'steps:\n- uses: a/checkout@2222 # v2\n  with: {depth: 1}\n- run: x\n',
    ],
    [
      'a comment uncommented',
      'a: 1\n# b: 2\nc: 3\n',
      'a: 1\n# b: 2\nc: 4\n',
      'a: 1\nb: 2\nc: 3\n',
      'a: 1\nb: 2\nc: 4\n',
    ],
    [
      'comments above and beside, each on one side',
      '# above\na: 1 # beside\nb: 1\n',
      '# over\na: 1 # beside\nb: 1\n',
      '# above\na: 2 # besides\nb: 1\n',
      '# over\na: 2 # besides\nb: 1\n',
    ],
    [
      'a comment behind the last entry',
      'm:\n  a: 1\n  # b: 2\nz: 1\n',
      'm:\n  a: 2\n  # b: 2\nz: 1\n',
      'm:\n  a: 1\n  # b: 3\nz: 1\n',
      'm:\n  a: 2\n  # b: 3\nz: 1\n',
    ],
    ['an octal number', 'm: 644\nz: 1\n', 'm: 644\nz: 2\n', 'm: 0644\nz: 1\n', 'm: 0644\nz: 2\n'],
    ['a quoted no', 'm: no\nz: 1\n', 'm: no\nz: 2\n', 'm: "no"\nz: 1\n', 'm: "no"\nz: 2\n'],
    ['a version', 'm: 3.1\nz: 1\n', 'm: 3.1\nz: 2\n', 'm: 3.10\nz: 1\n', 'm: 3.10\nz: 2\n'],
    ['other quotes', "m: 'a'\nz: 1\n", "m: 'a'\nz: 2\n", 'm: "a"\nz: 1\n', 'm: "a"\nz: 2\n'],
    [
      'a layout of theirs alone',
      'm:\n  a:\n    b: 1\n  c: 1\nz: 1\n',
      'm:\n  a:\n    b: 2\n  c: 1\nz: 1\n',
      'm:\n    a:\n        b: 1\n    c: 1\nz: 1\n',
      'm:\n    a:\n        b: 2\n    c: 1\nz: 1\n',
    ],
    [
      'an added key that lines would have twice',
      'a: 1\nb: 1\nc: 1\nd: 1\n',
      'new: 1\na: 1\nb: 1\nc: 1\nd: 1\n',
      'a: 1\nb: 1\nc: 1\nd: 1\nnew: 1\n',
      'new: 1\na: 1\nb: 1\nc: 1\nd: 1\n',
    ],
    [
      'a comment that stands deeper than what follows it',
      'a:\n  b: |\n    x\n  c: 1\nz: 1\n',
      'a:\n  b: |\n    x\n  c: 2\nz: 1\n',
      'a:\n  b: |\n    x\n      # deep\n  n: 1\n  c: 1\nz: 1\n',
      'a:\n  b: |\n    x\n      # deep\n  n: 1\n  c: 2\nz: 1\n',
    ],
    [
      'a key that is null',
      '? \n: 1\nb: 1\n',
      '? \n: 1\nb: 2\n',
      '? \n: 2\nb: 1\n',
      '? \n: 2\nb: 2\n',
    ],
  ])('as a careful person would: %s', (_, base, ours, theirs, content) => {
    expect(mergeYaml({ base, ours, theirs })).toEqual({ kind: 'clean', by: 'key', content });
  });

  test('an item that one side renamed and the other changed is the same', () => {
    const job = (name: string, timeout: number): string =>
      `- name: ${name}\n  image: builder\n  timeout: ${timeout}\n  retries: 3\n`;
    expect(
      mergeYaml({
        base: job('build', 10) + job('test', 10),
        ours: job('build', 20) + job('test', 10),
        theirs: job('compile', 10) + job('test', 10),
      }),
    ).toEqual({ kind: 'clean', by: 'key', content: job('compile', 20) + job('test', 10) });
  });

  test('where both sides added items, lines tell their order', () => {
    const items = (...names: string[]): string => names.map((name) => `- name: ${name}\n`).join('');
    const merged = mergeYaml({
      base: items('a', 'b', 'c', 'd'),
      ours: items('x', 'a', 'b', 'c', 'd'),
      theirs: items('a', 'b', 'y', 'c', 'd'),
    });
    expect(merged.content).toBe(items('x', 'a', 'b', 'y', 'c', 'd'));
  });

  test('two spellings of a number are a conflict, for a version is no number', () => {
    const merged = mergeYaml({ base: 'v: 3.1\n', ours: 'v: 3.10\n', theirs: 'v: 3.2\n' });
    expect(merged).toMatchObject({
      kind: 'conflicted',
      paths: [{ path: 'v', base: '3.1', ours: '3.10', theirs: '3.2' }],
    });
  });

  test('a comment that both sides changed is a conflict of its entry', () => {
    const merged = mergeYaml({ base: 'v: 1 # a\n', ours: 'v: 1 # b\n', theirs: 'v: 1 # c\n' });
    expect(merged).toMatchObject({
      kind: 'conflicted',
      by: 'key',
      paths: [{ path: 'v', base: '# a', ours: '# b', theirs: '# c' }],
    });
  });

  test('an alias whose anchor the other side removed is never clean', () => {
    const merged = mergeYaml({
      base: 'a: &x 1\nb: 1\nc: 1\nd: 1\n',
      ours: 'b: 1\nc: 1\nd: 1\n',
      theirs: 'a: &x 1\nb: 1\nc: 1\nd: *x\n',
    });
    expect(merged.kind).toBe('conflicted');
    expect(merged).toMatchObject({ by: 'line', reason: expect.any(String) as string });
  });

  test('never follows an alias', () => {
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 60 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`),
    ].join('\n');
    const merged = mergeYaml({
      base: `${bomb}\nz: 1\n`,
      ours: `${bomb}\nz: 2\n`,
      theirs: `${bomb}\nz: 1\ny: 1\n`,
    });
    expect(merged).toEqual({ kind: 'clean', by: 'key', content: `${bomb}\nz: 2\ny: 1\n` });
  });

  const scalar = fc.oneof(
    fc.constantFrom('text', 'two words', '', 'yes: no', '# no comment', 'a\nb\n', '- dash', 'null'),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'name', 'id'), tie('value')),
    ),
  }));
  const map = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value, { minKeys: 1 });

  test('a side that says the same in another layout yields what the other says', () => {
    fc.assert(
      fc.property(map, map, (base, other) => {
        const merged = mergeYaml({
          base: stringify(base),
          ours: stringify(base, { indent: 4, indentSeq: false, singleQuote: true }),
          theirs: stringify(other),
        });
        expect(merged.kind).toBe('clean');
        expect(parse(merged.content)).toEqual(parse(stringify(other)));
      }),
    );
  });

  test('merges any documents without an error, to what can be read when it is clean', () => {
    let byLine = 0;
    fc.assert(
      fc.property(map, map, map, (base, ours, theirs) => {
        const merged = mergeYaml({
          base: stringify(base),
          ours: stringify(ours, { indent: 4 }),
          theirs: stringify(theirs),
        });
        if ('by' in merged && merged.by === 'line') byLine++;
        else if (merged.kind === 'clean') parse(merged.content);
      }),
      // How many fall back to lines depends on the draw.
      { seed: 1, numRuns: 200 },
    );
    expect(byLine).toBeLessThan(20);
  });
});

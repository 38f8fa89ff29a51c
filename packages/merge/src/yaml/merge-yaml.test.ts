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
    expect(mergeYaml({ base: BASE, ours, theirs })).toEqual({
      kind: 'clean',
      by: 'key',
      content: `# service
kind: Service  # what it is
spec:
  # open to all
  ports:
    # secure
    - name: tls
      port: 443
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
- y
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
      'm:\n  {}\nz: 2\n',
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
      'a: 1\n---\nb: 1\n',
      'a: 2\n---\nb: 1\n',
      'a: 1\n---\nb: 2\n',
      'a: 2\n---\nb: 2\n',
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
    ['a: 1\n---\nb: 2\n', /^the sides hold different numbers of documents/],
    ['', /^theirs cannot be read: |different numbers/],
    ['# nothing\n', /^theirs cannot be read: a document is empty|different numbers/],
    ['['.repeat(5000), /^theirs cannot be read: nested more than 200 deep/],
    ['- '.repeat(5000), /^theirs cannot be read: nested more than 200 deep/],
  ])('merges by line what it cannot read', (theirs, reason) => {
    const merged = mergeYaml({ base: 'a: 0\n', ours: 'a: 3\n', theirs });
    expect(merged).toMatchObject({ kind: 'conflicted', by: 'line', paths: [] });
    expect(merged).toMatchObject({ reason: expect.stringMatching(reason) as string });
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

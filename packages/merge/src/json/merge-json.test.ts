import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeJson } from '../index.js';

const BASE = `{
  "name": "web", // what it is called
  "version": "1.0.0",
  "ports": [
    { "name": "http", "port": 80 },
    { "name": "tls", "port": 443 }
  ],
  "files": ["a", "b"],
  "empty": {}
}
`;

describe('mergeJson', () => {
  test('keeps comments, order and layout of ours', () => {
    const ours = BASE.replace('1.0.0', '1.1.0').replace('80 }', '8080 }');
    const theirs = JSON.stringify(
      {
        version: '1.0.0',
        name: 'web',
        ports: [
          { name: 'http', port: 80, protocol: 'tcp' },
          { name: 'quic', port: 443, options: { fast: true } },
          { name: 'tls', port: 443 },
        ],
        files: ['a', 'z', 'b'],
        empty: { no: 'longer' },
        license: ['MIT'],
      },
      undefined,
      4,
    );
    // The base was written by the same program as theirs: nothing there was laid out anew.
    const base = JSON.stringify(
      {
        name: 'web',
        version: '1.0.0',
        ports: [
          { name: 'http', port: 80 },
          { name: 'tls', port: 443 },
        ],
        files: ['a', 'b'],
        empty: {},
      },
      undefined,
      4,
    );
    expect(mergeJson({ base, ours, theirs })).toEqual({
      kind: 'clean',
      by: 'key',
      content: `{
  "name": "web", // what it is called
  "version": "1.1.0",
  "ports": [
    { "name": "http", "port": 8080, "protocol": "tcp" },
    {
      "name": "quic",
      "port": 443,
      "options": {
        "fast": true
      }
    },
    { "name": "tls", "port": 443 }
  ],
  "files": ["a", "z", "b"],
  "empty": {
    "no": "longer"
  },
  "license": [
    "MIT"
  ]
}
`,
    });
  });

  test.each([
    [
      'a member deleted',
      '{"a": 1, "b": 2}',
      '{"a": 1, "b": 2, "c": 3}',
      '{"b": 2}',
      '{"b": 2, "c": 3}',
    ],
    ['all members deleted', '{"a": 1}', '{ "a": 1.0 }', '{}', '{}'],
    [
      'the last member deleted',
      '{\n  "a": 1,\n  "b": 2\n}',
      '{\n  "a": 0,\n  "b": 2\n}',
      '{"a": 1}',
      '{\n  "a": 0\n}',
    ],
    [
      'a remark behind the last member',
      '{\n  "a": 1\n}',
      '{\n  "a": 1 // one\n}',
      '{"a":1,"b":2}',
      '{\n  "a": 1, // one\n  "b":2\n}',
    ],
    [
      'a trailing comma',
      '{\n  "a": 1,\n}',
      '{\n  "a": 0,\n}\n',
      '{\n  "a": 1,\n  "b":2,\n}',
      '{\n  "a": 0,\n  "b":2,\n}\n',
    ],
    [
      'a trailing comma removed',
      '{\n  "a": 1,\n  "b": 2,\n}\n',
      '{\n  "a": 1,\n  "b": 3,\n}\n',
      '{\n  "a": 1,\n  "b": 2\n}\n',
      '{\n  "a": 1,\n  "b": 3\n}\n',
    ],
    [
      'a comment of a member changed',
      '{\n  "a": 1, // one\n  "b": 2\n}\n',
      '{\n  "a": 0, // one\n  "b": 2\n}\n',
      '{\n  "a": 1, // 1\n  "b": 2\n}\n',
      '{\n  "a": 0, // 1\n  "b": 2\n}\n',
    ],
    [
      'a number spelled otherwise',
      '{"a": 1.50, "b": 1}',
      '{"a": 1.50, "b": 2}',
      '{"a": 1.5, "b": 1}',
      '{"a": 1.5, "b": 2}',
    ],
    [
      'a comment above a member',
      '{\n  "a": 1\n}',
      '{\n\t"a": 1,\n\t"c": 3\n}',
      '{\n  "a": 1,\n\n  // why\n  "b": 2\n}',
      '{\n\t"a": 1,\n\n\t// why\n\t"b": 2,\n\t"c": 3\n}',
    ],
    [
      'both added parts of a member',
      '{}',
      '{"a": {"x": 1}}',
      '{"a": {"y": 2}}',
      '{"a": {"x": 1, "y": 2}}',
    ],
    [
      'items reordered',
      '[{"id":1},{"id":2},{"id":3}]',
      '[{"id":1},{"id":2,"x":0},{"id":3}]',
      '[{"id":3},{"id":1},{"id":2}]',
      '[{"id":3},{"id":1},{"id":2,"x":0}]',
    ],
    ['items without identity', '[1, 2, 3]', '[0, 1, 2, 3]', '[1, 2, 3, 4]', '[0, 1, 2, 3, 4]'],
    [
      'items in their places',
      '[{"a": 1, "b": 2}]',
      '[{"a": 0, "b": 2}]',
      '[{"a": 1, "b": 0}]',
      '[{"a": 0, "b": 0}]',
    ],
    [
      'a value of another kind',
      '{"a": 1}',
      '{"a": 1, "b": 2}',
      '{"a": [1, 2]}',
      '{"a": [1, 2], "b": 2}',
    ],
    [
      'keys of a prototype',
      '{}',
      '{"__proto__": 1}',
      '{"constructor": 2}',
      '{"__proto__": 1, "constructor": 2}',
    ],
    [
      'long numbers',
      '{"a": 12345678901234567890}',
      '{"a": 12345678901234567890, "b": 1}',
      '{"a": 12345678901234567891}',
      '{"a": 12345678901234567891, "b": 1}',
    ],
    [
      'CRLF and a mark in ours',
      '{\n  "a": 1,\n  "b": 1\n}',
      '\ufeff{\r\n  "a": 2,\r\n  "b": 1\r\n}',
      '{"a": 1, "b": 2}',
      '\ufeff{\r\n  "a": 2,\r\n  "b": 2\r\n}',
    ],
  ])('%s', (_, base, ours, theirs, content) => {
    expect(mergeJson({ base, ours, theirs })).toEqual({ kind: 'clean', by: 'key', content });
  });

  test('names conflicts by path and marks their lines only', () => {
    const ours = BASE.replace('443', '444').replace(/ {2}"version.*\n/, '');
    const theirs = BASE.replace('443', '445').replace('1.0.0', '2.0.0').replace('"a"', '"aa"');
    expect(mergeJson({ base: BASE, ours, theirs }, { style: 'diff3' })).toMatchObject({
      kind: 'conflicted',
      by: 'key',
      paths: [
        { path: 'ports[name=tls].port', base: '443', ours: '444', theirs: '445' },
        { path: 'version', base: '"1.0.0"', theirs: '"2.0.0"' },
      ],
      content: `{
  "name": "web", // what it is called
<<<<<<< ours
||||||| base
  "version": "1.0.0",
=======
  "version": "2.0.0",
>>>>>>> theirs
  "ports": [
    { "name": "http", "port": 80 },
<<<<<<< ours
    { "name": "tls", "port": 444 }
||||||| base
    { "name": "tls", "port": 443 }
=======
    { "name": "tls", "port": 445 }
>>>>>>> theirs
  ],
  "files": ["aa", "b"],
  "empty": {}
}
`,
    });
  });

  test.each([
    ['both added', '{}', '{"a": 1}', '{"a": 2}', [{ path: 'a', ours: '1', theirs: '2' }]],
    [
      'reordered apart',
      '[{"id":1},{"id":2},{"id":3}]',
      '[{"id":2},{"id":1},{"id":3}]',
      '[{"id":1},{"id":3},{"id":2}]',
      [{ path: '[order]', base: '1, 2, 3', ours: '2, 1, 3', theirs: '1, 3, 2' }],
    ],
    [
      'items',
      '{"l": [1, 2]}',
      '{"l": [1, 3, 3]}',
      '{"l": [1, 4]}',
      [{ path: 'l[1..2]', base: '2', ours: '3, 3', theirs: '4' }],
    ],
    [
      'a key with a dot',
      '{"a.b": 1}',
      '{"a.b": 2}',
      '{"a.b": 3}',
      [{ path: '["a.b"]', base: '1', ours: '2', theirs: '3' }],
    ],
    ['the whole', '1', '2', '3', [{ path: '', base: '1', ours: '2', theirs: '3' }]],
  ])('a conflict: %s', (_, base, ours, theirs, paths) => {
    expect(mergeJson({ base, ours, theirs })).toMatchObject({
      kind: 'conflicted',
      by: 'key',
      paths,
    });
    expect(mergeJson({ base, ours, theirs }, { favor: 'ours' }).content).toBe(ours);
    const taken = mergeJson({ base, ours, theirs }, { favor: 'theirs' });
    expect(JSON.parse(taken.content)).toEqual(JSON.parse(theirs));
  });

  test.each([
    ['{"a": 1', 'theirs cannot be read: unexpected end in line 1'],
    ['{"a": 1,\n "a": 2}', 'theirs cannot be read: key "a" stands there twice'],
    ['{"a": 01}', 'theirs cannot be read: unexpected "1" in line 1'],
    ['['.repeat(300), 'theirs cannot be read: nested more than 200 deep'],
    ['{"a": "\\ud800" /* ', 'theirs cannot be read: unexpected "/" in line 1'],
    ['', 'theirs cannot be read: unexpected end in line 1'],
  ])('merges by line what it cannot read: %j', (theirs, reason) => {
    expect(mergeJson({ base: '{"a": 0}', ours: '{"a": 3}', theirs })).toMatchObject({
      kind: 'conflicted',
      by: 'line',
      reason,
      paths: [],
    });
  });

  test('takes bytes as well, and says when they are no text', () => {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    const sides = { base: encode('{}'), ours: encode('{"a":1}'), theirs: encode('{"b":1}') };
    expect(mergeJson(sides).content).toEqual(encode('{"a":1,"b":1}'));
    expect(mergeJson({ ...sides, theirs: Uint8Array.of(0) }).kind).toBe('binary');
  });

  const value = fc.jsonValue({ maxDepth: 3, noUnicodeString: false });

  test('a side that says the same in another layout yields the other', () => {
    fc.assert(
      fc.property(value, value, (base, other) => {
        const sides = {
          base: JSON.stringify(base),
          ours: JSON.stringify(base, undefined, 2),
          theirs: JSON.stringify(other, undefined, 4),
        };
        const merged = mergeJson(sides);
        expect(merged).toMatchObject({ kind: 'clean', by: 'key' });
        expect(JSON.parse(merged.content)).toEqual(JSON.parse(sides.theirs));
        const swapped = mergeJson({ ...sides, ours: sides.theirs, theirs: sides.ours });
        expect(swapped).toEqual({ kind: 'clean', by: 'key', content: sides.theirs });
      }),
    );
  });

  test('merges any documents without an error, to what can be read when it is clean', () => {
    const object = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'name'), value);
    fc.assert(
      fc.property(
        object,
        object,
        object,
        fc.constantFrom(undefined, 2),
        (base, ours, theirs, indent) => {
          const merged = mergeJson({
            base: JSON.stringify(base),
            ours: JSON.stringify(ours, undefined, indent),
            theirs: JSON.stringify(theirs),
          });
          expect(merged).toMatchObject({ by: 'key' });
          if (merged.kind === 'clean') JSON.parse(merged.content);
        },
      ),
    );
  });
});

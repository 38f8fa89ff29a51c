import { expect, it } from 'vitest';
import { addToYaml } from './patch-yaml.js';

const builder = { property: 'dataProductBuilder', value: 'https://example.com/builder' };

function add(text: string, path = ['customProperties']) {
  const patch = addToYaml(text, { kind: 'item', path, value: builder });
  return patch.kind === 'patched' ? patch.text : patch;
}

it.each([
  [
    'an indented list',
    'id: x\ncustomProperties:\n  - property: "icon"\n    value: \'a\' # why\nname: y\n',
    'id: x\ncustomProperties:\n  - property: "icon"\n    value: \'a\' # why\n  - property: dataProductBuilder\n    value: "https://example.com/builder"\nname: y\n',
  ],
  [
    'a list without indentation',
    'customProperties:\n- property: icon\n  value: a\nname: y\n',
    'customProperties:\n- property: icon\n  value: a\n- property: dataProductBuilder\n  value: "https://example.com/builder"\nname: y\n',
  ],
  [
    'a wide dash',
    'customProperties:\n-   property: icon\n    value: a\n',
    'customProperties:\n-   property: icon\n    value: a\n-   property: dataProductBuilder\n    value: "https://example.com/builder"\n',
  ],
  [
    'a flow list',
    'customProperties: [{property: icon, value: a}] # all\n',
    'customProperties: [{property: icon, value: a}, {property: dataProductBuilder, value: "https://example.com/builder"}] # all\n',
  ],
  [
    'an empty flow list',
    'customProperties: []\n',
    'customProperties: [{property: dataProductBuilder, value: "https://example.com/builder"}]\n',
  ],
  [
    'a trailing comma',
    'customProperties: [ {property: icon, value: a}, ]\n',
    'customProperties: [ {property: icon, value: a}, {property: dataProductBuilder, value: "https://example.com/builder"}, ]\n',
  ],
  [
    'nothing behind the key',
    'customProperties: # none yet\nid: x\n',
    'customProperties: # none yet\n  - property: dataProductBuilder\n    value: "https://example.com/builder"\nid: x\n',
  ],
  [
    'CRLF, a byte order mark and no final line feed',
    '\ufeffid: x\r\ncustomProperties:\r\n  - property: icon\r\n    value: a',
    '\ufeffid: x\r\ncustomProperties:\r\n  - property: icon\r\n    value: a\r\n  - property: dataProductBuilder\r\n    value: "https://example.com/builder"',
  ],
  [
    'a block scalar at the end',
    'customProperties:\n  - property: text\n    value: |\n      one\n      two\n\n# end\n',
    'customProperties:\n  - property: text\n    value: |\n      one\n      two\n  - property: dataProductBuilder\n    value: "https://example.com/builder"\n\n# end\n',
  ],
  [
    'another document behind it',
    'customProperties:\n  - property: a\n    value: b\n---\nx: 1\n',
    'customProperties:\n  - property: a\n    value: b\n  - property: dataProductBuilder\n    value: "https://example.com/builder"\n---\nx: 1\n',
  ],
  [
    'an anchor that nothing stands for',
    'customProperties: &ours\n  - {property: a, value: 1}\n# end\n',
    'customProperties: &ours\n  - {property: a, value: 1}\n  - property: dataProductBuilder\n    value: "https://example.com/builder"\n# end\n',
  ],
])('adds an item to %s', (_name, text, expected) => {
  expect(add(text)).toEqual(expected);
});

it.each([
  ['an alias', 'a: &a\n  - property: x\n    value: y\ncustomProperties: *a\n'],
  ['an anchor', 'customProperties: &a\n  - property: x\n    value: y\nb: *a\n'],
  ['a text', 'customProperties: none\n'],
  ['an explicit null', 'customProperties: null\n'],
  ['a duplicate key', 'customProperties: []\ncustomProperties: []\n'],
  ['no YAML', 'customProperties: [\n'],
  ['no such key', 'id: x\n'],
])('refuses %s', (_name, text) => {
  expect(add(text)).toMatchObject({ kind: 'refused' });
});

it('adds members to block and flow mappings, at any depth', () => {
  const addition = {
    kind: 'member',
    path: ['models', 'shop'],
    key: 'output_ports',
    value: { '+materialized': 'table' },
  } as const;
  const results = [
    'models:\n  shop:\n      materialized: table\n      staging:\n        materialized: view',
    'models: {shop: {+materialized: view}}\n',
    'models:\n  shop:\n',
    '{models: {shop: {}}}\n',
  ].map((text) => addToYaml(text, addition));
  expect(results.map((result) => (result.kind === 'patched' ? result.text : result.reason)))
    .toMatchInlineSnapshot(`
    [
      "models:
      shop:
          materialized: table
          staging:
            materialized: view
          output_ports:
            +materialized: table",
      "models: {shop: {+materialized: view, output_ports: {+materialized: table}}}
    ",
      "models:
      shop:
        output_ports:
          +materialized: table
    ",
      "{models: {shop: {output_ports: {+materialized: table}}}}
    ",
    ]
  `);
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { stringify, type ToStringOptions } from 'yaml';
import { addToYaml, type YamlAddition } from '../src/fix/patch-yaml.js';
import { answers, goodProject } from './sandbox.js';

const RUNS = Number(process.env['ODPS_AUDIT_RUNS'] ?? 1000);
const shared = fileURLToPath(new URL('../../../../shared/data/odps', import.meta.url));

const word = fc.constantFrom(
  'id',
  'name',
  'team',
  'customProperties',
  'models',
  'on',
  'a b',
  'x: y',
  '#no',
  "it's",
  '"q"',
  '- dash',
  'true',
  '1.0',
  '2024-01-01',
  'multi\nline\n',
  'ünï',
  '',
);
const scalar = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.string());
const key = fc.constantFrom(
  'id',
  'name',
  'team',
  'customProperties',
  'outputPorts',
  'models',
  'shop',
  'staging',
  'x y',
  'description',
);
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(key, tie('any'), { maxKeys: 4 }),
  ),
})).any;
const document = fc.dictionary(key, value, { maxKeys: 6 });

/** The ways in which people write one value. */
const style = fc.record({
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
  singleQuote: fc.constantFrom(true, false, null),
  lineWidth: fc.constantFrom(0, 40, 80),
  crlf: fc.boolean(),
  mark: fc.boolean(),
  open: fc.boolean(),
  comment: fc.boolean(),
});

const texts = fc.tuple(document, style).map(([data, { crlf, mark, open, comment, ...options }]) => {
  let text = stringify(data, options as ToStringOptions);
  if (comment) text = `# first\n\n${text}# last\n`;
  if (open) text = text.replace(/\n+$/, '');
  return `${mark ? '\ufeff' : ''}${crlf ? text.replaceAll('\n', '\r\n') : text}`;
});

const additions: fc.Arbitrary<YamlAddition> = fc.oneof(
  fc.record({
    kind: fc.constant('item' as const),
    path: fc.constantFrom(['customProperties'], ['outputPorts'], ['models', 'staging']),
    value: fc.constant({ property: 'dataProductBuilder', value: 'https://example.com' }),
  }),
  fc.record({
    kind: fc.constant('member' as const),
    path: fc.constantFrom([], ['models'], ['models', 'shop'], ['team']),
    key: fc.constant('added'),
    value: fc.constantFrom('text', { '+materialized': 'table' }, [{ name: answers.TEAM_NAME }]),
  }),
);

/** Whether a text is another one with one stretch put in. */
function isInsertion(before: string, after: string): boolean {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return start + end >= before.length && after.length > before.length;
}

function check(text: string, addition: YamlAddition): boolean {
  const patch = addToYaml(text, addition);
  if (patch.kind === 'refused') return false;
  expect(isInsertion(text, patch.text)).toBe(true);
  const ending = text.includes('\r\n') ? /(?<!\r)\n/ : /\r/;
  if (!ending.test(text)) expect(patch.text).not.toMatch(ending);
  // Another parser sees no other keys than before.
  const options = { schema: CORE_SCHEMA };
  const [old] = loadAll(text.replace(/^\ufeff/, ''), null, options) as [object | undefined];
  const [now] = loadAll(patch.text.replace(/^\ufeff/, ''), null, options) as [object];
  expect(Object.keys(now)).toEqual(expect.arrayContaining(Object.keys(old ?? {})));
  return true;
}

it('changes only the lines that it says, of any YAML', () => {
  let patched = 0;
  fc.assert(
    fc.property(texts, additions, (text, addition) => {
      if (check(text, addition)) patched += 1;
    }),
    { numRuns: RUNS, seed: 14 },
  );
  expect(patched).toBeGreaterThan(RUNS / 10);
});

it('changes only the lines that it says, of real files', () => {
  const real = existsSync(shared)
    ? globSync('{examples,projects}/**/*.{yml,yaml}', { cwd: shared }).map((path) =>
        readFileSync(`${shared}/${path}`, 'utf8'),
      )
    : [];
  const own = Object.entries(goodProject).flatMap(([path, text]) =>
    /\.ya?ml$/.test(path) ? [text as string] : [],
  );
  const results = [...own, ...real].map((text) =>
    check(text, { kind: 'member', path: [], key: 'added', value: { nested: ['x'] } }),
  );
  expect(results.filter(Boolean).length).toBeGreaterThan(results.length * 0.8);
});

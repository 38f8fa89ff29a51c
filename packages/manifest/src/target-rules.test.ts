import { expect, test } from 'vitest';
import { parseConfiguration } from './parse-configuration.js';
import { parseRules } from './parse-rules.js';
import { checkRules } from './check-rules.js';
import { formatLines } from '@holdfast/findings';
import { targetRules } from './target-rules.js';

const parsedConfiguration = parseConfiguration(
  `targets:
  org/web: { url: web.git, labels: { tier: 1, team: web }, variables: { area: shop } }
  org/api: { url: api.git, labels: { tier: 2, team: core }, variables: { area: 7 } }
  services/pay: { url: pay.git, labels: { tier: 1 }, variables: { area: [a] } }
  services/legacy: { url: legacy.git, labels: [frozen] }
  plain: { url: plain.git }
`,
  { file: 'holdfast.yaml' },
);
if (parsedConfiguration.kind === 'invalid')
  throw new Error(formatLines(parsedConfiguration.findings));
const configuration = parsedConfiguration.value;

function parse(lines: string, path = 'docs/') {
  const parsed = parseRules(
    `sync_rule:\n  id: r\n  source: "a/**"\n  target_path: "${path}"\n  strategy: copy\n  frequency: manual\n  ${lines}\n`,
    { file: 'r.yaml' },
  );
  if (parsed.kind === 'invalid') throw new Error(formatLines(parsed.findings));
  return parsed.value;
}

const namesOf = (lines: string) =>
  targetRules(parse(lines), configuration).map(({ rule }) => rule.target_repo);

test.each([
  ['target_repo: org/api', ['org/api']],
  ['targets: [org/api, org/web]', ['org/web', 'org/api']],
  ['targets: "org/*"', ['org/web', 'org/api']],
  ['targets: ["**", "!services/legacy"]', ['org/web', 'org/api', 'services/pay', 'plain']],
  ['targets: ["!services/*"]', ['org/web', 'org/api', 'plain']],
  ['targets: { labels: { tier: 1 } }', ['org/web', 'services/pay']],
  ['targets: { labels: { tier: [1, 2], team: web } }', ['org/web']],
  ['targets: { labels: { tier: "1" } }', []],
  ['targets: { labels: { frozen: true } }', ['services/legacy']],
  ['targets: { labels: { constructor: x } }', []],
  ['targets: { match: "services/*", except: services/legacy }', ['services/pay']],
  ['targets: { except: ["org/*", plain] }', ['services/pay', 'services/legacy']],
  ['targets: {}', ['org/web', 'org/api', 'services/pay', 'services/legacy', 'plain']],
  ['target_repo: org/none', []],
])('%s goes to %j', (lines, expected) => {
  expect(namesOf(lines)).toEqual(expected);
});

test.each([
  ['docs/{repo}/', 'org/web', 'docs/web/'],
  ['{target}/', 'org/web', 'org/web/'],
  ['{org}/{repo}', 'services/pay', 'services/pay/'],
  ['docs/{area}/', 'org/web', 'docs/shop/'],
  ['docs/{area}/', 'org/api', 'docs/7/'],
])('the path %s for %s is %s', (path, target, expected) => {
  const [rule] = targetRules(parse(`targets: ${target}`, path), configuration);
  expect(rule?.rule.target_path).toBe(expected);
});

test('rules that apply already stay as they are', () => {
  const placed = targetRules(parse('targets: "org/*"', 'docs/{repo}/'), configuration);
  expect(targetRules(placed, configuration)).toEqual(placed);
});

const complaints = (lines: string, path?: string) =>
  formatLines(checkRules(parse(lines, path), configuration));

test('what is wrong with targets and paths is said at its place', () => {
  expect(complaints('targets: [org/wbe, "org/*"]')).toMatchInlineSnapshot(
    `"r.yaml:7:13: targets must name targets of the configuration, got "org/wbe"; did you mean org/web?"`,
  );
  expect(complaints('targets: { except: [org/api, org/nix] }')).toMatchInlineSnapshot(
    `"r.yaml:7:32: targets must name targets of the configuration, got "org/nix"; add it to targets"`,
  );
  expect(complaints('targets: { labels: { tier: 9 } }')).toMatchInlineSnapshot(
    `"r.yaml:7:12: warning: targets matches none of the 5 targets of the configuration"`,
  );
  expect(complaints('targets: "**"', 'docs/{area}/')).toMatchInlineSnapshot(
    `"r.yaml:4:16: target_path names {area}, and services/pay has no text or number of that name in its variables, nor have 2 more; known to all are {target}, {org} and {repo}"`,
  );
  expect(complaints('targets: plain', '{org}/x')).toMatchInlineSnapshot(
    `"r.yaml:4:16: target_path is "/x/" for plain, and must be relative"`,
  );
  expect(complaints('targets: "**"', '.holdfast-overrides/{repo}')).toMatchInlineSnapshot(
    `"r.yaml:4:16: target_path must not lie in .holdfast-overrides/, which Holdfast keeps for itself"`,
  );
});

test('a value that would lead out of the folder is refused', () => {
  const hostile = {
    ...configuration,
    targets: {
      'org/web': { ...configuration.targets['org/web']!, variables: { area: '../../etc' } },
    },
  };
  expect(formatLines(checkRules(parse('targets: org/web', 'docs/{area}/'), hostile))).toContain(
    'target_path is "docs/../../etc/" for org/web, and',
  );
});

test('a group is one branch of each of its targets, and no rule', () => {
  const rules = [
    ['one', 'target_repo: org/web, group: docs'],
    ['two', 'targets: "org/*", group: docs, target_branch: next'],
    ['three', 'target_repo: org/api, group: four'],
    ['four', 'target_repo: org/api'],
  ].flatMap(([id, more]) => {
    const parsed = parseRules(
      `sync_rule: { id: ${id}, source: "a/**", target_path: docs/${id}/, strategy: copy, frequency: manual, ${more} }`,
      { file: `${id}.yaml` },
    );
    return parsed.kind === 'parsed' ? parsed.value : [];
  });
  expect(formatLines(checkRules(rules, configuration))).toMatchInlineSnapshot(`
    "three.yaml:1:131: group must not be the id of another rule: "four" of four.yaml would share its branch
    two.yaml:1:144: rules of the group docs must deliver to one branch of org/web, one delivers to its default"
  `);
});

import { expect, test } from 'vitest';
import { compileSelection, mapDeliveredPath, overridePath, ruleStatePaths } from './rule-paths.js';
import type { TransformStep } from './transform-step.js';

function rewrite(...pairs: [from: string, to: string][]): TransformStep {
  return { rewrite_paths: pairs.map(([from, to]) => ({ from, to, in: ['links'] })) };
}

test('the state of a rule', () => {
  const paths = ruleStatePaths('agent33', 'sync-webapp');
  expect(paths.state).toBe('.agent33-sync-state/sync-webapp');
  expect(paths.manifest).toBe('.agent33-sync-state/sync-webapp/manifest.json');
  expect(paths.base('docs/a b.md')).toBe('.agent33-sync-state/sync-webapp/base/docs/a b.md');
});

test.each([
  [
    'core/orchestrator/**/*.md',
    'docs/agent33/orchestrator/',
    'core/orchestrator/handoff/PLAN.md',
    'docs/agent33/orchestrator/handoff/PLAN.md',
  ],
  ['core/**', '', 'core/a.md', 'a.md'],
  ['**/*.md', 'docs/', 'core/a.md', 'docs/core/a.md'],
  ['core/VERSION', 'docs/', 'core/VERSION', 'docs/VERSION'],
])('%s under %j maps %s to %s', (source, target_path, sourcePath, delivered) => {
  expect(mapDeliveredPath({ source, target_path }, sourcePath)).toBe(delivered);
});

test('a path that the source pattern cannot have matched is a mistake of the caller', () => {
  expect(() => mapDeliveredPath({ source: 'core/**', target_path: '' }, 'docs/a.md')).toThrow(
    expect.objectContaining({ code: 'not-selected', blame: 'bug' }),
  );
});

test.each([
  [
    'the spec',
    undefined,
    'docs/agent33/orchestrator/',
    [rewrite(['core/', 'docs/agent33/'])],
    'docs/agent33/orchestrator/X.md',
    'orchestrator/X.md',
  ],
  ['no rewriting', undefined, 'docs/', [], 'docs/X.md', 'docs/X.md'],
  [
    'rewriting to elsewhere',
    undefined,
    'docs/',
    [rewrite(['core/', 'other/'])],
    'docs/X.md',
    'docs/X.md',
  ],
  [
    'a name that only begins alike',
    undefined,
    'docs/agent33/',
    [rewrite(['core/', 'docs/agent'])],
    'docs/agent33/X.md',
    'docs/agent33/X.md',
  ],
  [
    'the longest of several',
    undefined,
    'a/b/c/',
    [rewrite(['x/', 'a/'], ['y/', 'a/b']), rewrite(['z/', ''])],
    'a/b/c/X.md',
    'c/X.md',
  ],
  [
    'a root of its own',
    'docs/',
    'docs/a/',
    [rewrite(['core/', 'docs/a/'])],
    'docs/a/X.md',
    'a/X.md',
  ],
  [
    'an empty root of its own',
    '',
    'docs/a/',
    [rewrite(['core/', 'docs/a/'])],
    'docs/a/X.md',
    'docs/a/X.md',
  ],
  ['a file renamed out of the root', 'docs/', 'docs/', [], 'README.md', undefined],
] as const)('overrides: %s', (_, override_root, target_path, transforms, delivered, expected) => {
  const rule = {
    target_path,
    transforms: [...transforms],
    ...(override_root !== undefined && { override_root }),
  };
  const path = overridePath(rule, 'agent33', delivered);
  expect(path).toBe(expected && `.agent33-overrides/${expected}`);
});

test('selects by source, include, exclude and internal', () => {
  const filters = { include: ['core/a/**', 'core/*.md'], exclude: ['**/draft*'] };
  const isSelected = compileSelection({ source: 'core/**/*.md', filters }, ['core/a/internal/**']);
  const paths = [
    'core/x.md',
    'core/x.txt',
    'core/a/b/c.md',
    'core/a/draft.md',
    'core/a/internal/x.md',
    'core/b/x.md',
    'other/x.md',
  ];
  expect(paths.filter(isSelected)).toEqual(['core/x.md', 'core/a/b/c.md']);
});

test('selects all of source where nothing is included by name', () => {
  const isSelected = compileSelection(
    { source: 'core/**', filters: { include: [], exclude: [] } },
    [],
  );
  expect(['core/x', 'core/.dot/y', 'other'].filter(isSelected)).toEqual(['core/x', 'core/.dot/y']);
});

import { expect, test } from 'vitest';
import { outcomeRow, renderPiece, runPage } from './index.js';
import type { OutcomeView, RunView } from './index.js';

const run: RunView = {
  id: '1',
  kind: 'sync',
  state: 'running',
  trigger: 'release v1.1.0',
  startedAt: '2026-02-20T10:00:00Z',
  targets: { total: 2, done: 1, failed: 1 },
};
const outcome: OutcomeView = {
  target: 'org/app',
  state: 'failed',
  attempts: 2,
  items: [{ rule: 'docs', outcome: 'failed', error: { message: 'no answer', hint: 'try again' } }],
};

test('a running run tells how far it is, and where its events are', () => {
  const page = renderPiece(runPage(run, [outcome], { live: '/runs/1/events' }));
  expect(page).toContain('data-live="/runs/1/events"');
  expect(page).toContain('1 of 2 done, 1 failed');
  expect(page).toMatch(/<progress max="2" value="1"/);
});

test('a finished run has no events', () => {
  expect(renderPiece(runPage({ ...run, state: 'done' }, []))).not.toContain('data-live="');
});

test('a target is a row that can be replaced by its id', () => {
  const piece = renderPiece(outcomeRow(outcome));
  expect(piece).toMatch(/^<tr id="target-org%2Fapp">/);
  expect(piece).toContain('attempt 2');
  expect(piece).toContain('try again');
});

test('a plan shows the differences of its files, escaped', () => {
  const diff = '--- a/x.md\n+++ b/x.md\n-old\n+<script>new</script>\n';
  const files = [
    { path: 'x.md', kind: 'updated', diff },
    { path: 'large.bin', kind: 'added' },
  ];
  const items = [{ rule: 'docs', outcome: 'would change', files }];
  const piece = renderPiece(outcomeRow({ ...outcome, items }));
  expect(piece).toContain('<span class="del">-old');
  expect(piece).toContain('<span class="add">+&lt;script>new');
  expect(piece).toContain('<code>large.bin</code>: added');
});

import { expect, test } from 'vitest';

import type { ForgeLimits } from '../port/forge-limits.js';
import { fitRequest } from './fit-request.js';

const limits: ForgeLimits = { title: 20, body: 200, label: 10, labels: 2, reviewers: 2 };

test('what fits comes back as it is', () => {
  const request = { title: 'Update', body: 'text\n', labels: ['a'], reviewers: ['ada'] };
  expect(fitRequest(request, limits)).toEqual(request);
});

test('what does not fit is cut, and who is not asked is named', () => {
  const fitted = fitRequest(
    {
      title: 'Update the whole guide from v1.2.3',
      body: 'line\n'.repeat(100),
      labels: ['a-very-long-label', 'a-very-long-other', 'b', 'c'],
      reviewers: ['ada', 'bob', 'eve', 'team:docs'],
    },
    limits,
  );
  expect(fitted).toMatchObject({
    title: 'Update the whole gu…',
    labels: ['a-very-lo…', 'b'],
    reviewers: ['ada', 'bob'],
  });
  expect(fitted.body.length).toBeLessThanOrEqual(limits.body);
  expect(fitted.body).toContain('Not asked: `eve`, `team:docs`.');
});

test('a surrogate pair is never cut in two', () => {
  const title = `${'x'.repeat(18)}😀😀`;
  expect(fitRequest({ title, body: '', labels: [], reviewers: [] }, limits).title).toBe(
    `${'x'.repeat(18)}…`,
  );
});

import { expect, test } from 'vitest';
import { checkCron } from './check-cron.js';

test.each(['0 3 * * *', '*/15 * * * 1-5', '0,30 8-18/2 1 1,7 0', '59 23 31 12 7', 'off'])(
  '%s is a schedule',
  (text) => {
    expect(checkCron(text)).toBeUndefined();
  },
);

test.each([
  ['', 'five fields'],
  ['0 3 * *', 'five fields'],
  ['0 3 * * * *', 'five fields'],
  ['60 3 * * *', 'minute'],
  ['0 24 * * *', 'hour'],
  ['0 0 0 * *', 'day of the month'],
  ['0 0 * 13 *', 'month'],
  ['0 0 * * 8', 'day of the week'],
  ['*/0 * * * *', 'minute'],
  ['5-1 * * * *', 'minute'],
  ['daily', 'five fields'],
  ['0 0 * * *; rm', 'five fields'],
])('%j is none', (text, what) => {
  expect(checkCron(text)).toContain(what);
});

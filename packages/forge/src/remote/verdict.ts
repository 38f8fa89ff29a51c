import type { RequestCheck, RequestReadiness } from '../port/change-request.js';

/** What checks say together: one that failed counts most, then one that still runs. */
export function verdictOf(checks: readonly RequestCheck[]): RequestReadiness['verdict'] {
  if (checks.length === 0) return 'none';
  if (checks.some(({ status }) => status === 'failed')) return 'failed';
  return checks.some(({ status }) => status === 'pending') ? 'pending' : 'passed';
}

import type { StatusRow, SyncedItem } from '@holdfast/sync';
import type { OutcomeItem } from '../store/runs.js';
import type { TargetResult } from './fleet-host.js';

/** What a look at a target found, as its outcome; its rows are the registry's. */
export function checked(target: string, rows: readonly StatusRow[]): TargetResult {
  const failed = rows.flatMap(({ error }) => error ?? []);
  return {
    target,
    items: rows.map(({ rule, status, version, request, error }) => ({
      rule,
      outcome: status,
      ...(version === undefined ? {} : { version }),
      ...(request ? { request } : {}),
      ...(error ? { error: shortError(error) } : {}),
    })),
    verdict: verdictOf(failed),
    registry: rows,
  };
}

/** What a sync did to a target, and how the registry sees it after that. */
export function synced(
  target: string,
  items: readonly SyncedItem[],
  registry: readonly StatusRow[],
): TargetResult {
  const errors = items.flatMap(
    ({ plan, error }) => error ?? (plan.kind === 'failed' ? plan.error : []),
  );
  return { target, items: items.map(describeItem), verdict: verdictOf(errors), registry };
}

/** Whether it is worth trying again: only when surroundings failed. */
export function verdictOf(errors: readonly { readonly blame: string }[]): TargetResult['verdict'] {
  if (errors.length === 0) return 'done';
  return errors.some(({ blame }) => blame === 'environment') ? 'retry' : 'failed';
}

/** An error as outcomes keep it. */
export function shortError({
  code,
  message,
  hint,
}: {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}) {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

function describeItem({ plan, applied, error }: SyncedItem): OutcomeItem {
  const failure = error ?? (plan.kind === 'failed' ? plan.error : undefined);
  const request = applied?.request;
  return {
    rule: plan.rule,
    outcome: failure ? 'failed' : (applied?.kind ?? plan.kind),
    ...(plan.kind === 'failed' ? {} : { version: plan.source.version }),
    ...(request
      ? {
          request: {
            number: request.number,
            ...(request.url === undefined ? {} : { url: request.url }),
          },
        }
      : {}),
    ...(failure ? { error: shortError(failure) } : {}),
  };
}

import { hashBlob, hashSha256 } from '@holdfast/manifest';
import type { PlannedCommit, PlannedItem, PlannedRequest } from '../plan.js';

/** SHA-256 of what applying an item would make: equal for two plans that would do the same to the byte. */
export function digestItem({
  kind,
  rule,
  commit,
  request,
}: {
  readonly kind: PlannedItem['kind'];
  readonly rule: string;
  readonly commit?: PlannedCommit;
  readonly request?: PlannedRequest;
}): string {
  const changes = commit?.changes.map((change) => [
    change.path,
    'remove' in change ? '' : change.mode,
    'remove' in change ? '' : 'oid' in change ? change.oid : hashBlob(change.content),
  ]);
  const made = [kind, rule, commit?.parent, commit?.message, commit?.signature, changes, request];
  return hashSha256(new TextEncoder().encode(JSON.stringify(made)));
}

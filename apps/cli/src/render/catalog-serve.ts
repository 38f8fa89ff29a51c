import { formatComparison, type CatalogComparison } from '@holdfast/catalog-diff';
import { visible } from '@holdfast/findings';

/** What a check of the proxy came to, for people. */
export function renderServed(
  {
    servers,
    intended,
    live,
    listed,
    gaps,
    findings,
  }: {
    readonly servers: readonly { name: string; health: string; error?: string | undefined }[];
    readonly intended: number;
    readonly live: number;
    readonly listed: boolean;
    readonly gaps: readonly object[];
    readonly findings: readonly { severity: string; path: string; message: string }[];
  },
  comparison: CatalogComparison,
): string {
  const down = servers.filter(({ health }) => health !== 'up');
  const errors = findings.filter(({ severity }) => severity === 'error');
  const isWhole = gaps.length + down.length + errors.length === 0 && listed;
  return [
    isWhole
      ? `After a restart, intended = live: ${live} tools of ${servers.length} servers.`
      : `After a restart, ${live} of ${intended} intended tools are served.`,
    ...errors.map(({ path, message }) => visible(`${path}: ${message}`)),
    ...down.map(({ name, health, error }) =>
      visible(`${name}: ${health}${error === undefined ? '' : `, ${error}`}`),
    ),
    ...(listed ? [] : ['tools/list is not what live_catalog.json says.']),
    ...(gaps.length === 0 ? [] : ['', formatComparison(comparison)]),
    '',
  ].join('\n');
}

import { linkIntegrityCheck, secretScanCheck } from '@holdfast/validation';
import type { Check, CheckInput, Finding, ValidationFile } from '@holdfast/validation';
import { count } from '../count.js';
import { isOverride } from './delivered-files.js';
import type { SecretScope } from './local-rules.js';

/**
 * Looks for secrets, with the denied patterns and allowed fingerprints of each file's own rules
 * beside those that are given for all.
 */
export function scopedSecretScan(
  scopes: readonly SecretScope[],
  { deny, allow }: Pick<SecretScope, 'deny' | 'allow'>,
): Check {
  const all: SecretScope = { applies: () => true, deny, allow, severities: {}, links: 'files' };
  return {
    ...secretScanCheck(),
    async run(input) {
      const groups = Map.groupBy(input.files, ({ path }) =>
        scopes.map(({ applies }) => (applies(path) ? '1' : '0')).join(''),
      );
      const findings: Finding[] = [];
      for (const [key, files] of groups) {
        const own = [all, ...scopes.filter((_scope, index) => key[index] === '1')];
        for (const finding of await scan(own, { ...input, files })) findings.push(finding);
      }
      const details = `${count(findings.length, 'violation')} in ${count(input.files.length, 'file')}`;
      return { findings, details };
    },
  };
}

async function scan(scopes: readonly SecretScope[], input: CheckInput): Promise<Finding[]> {
  const deny = [...new Set(scopes.flatMap(({ deny }) => deny))];
  const allow = scopes.flatMap(({ allow }) => allow);
  const severities = Object.assign(
    {},
    ...scopes.map((scope) => scope.severities),
  ) as SecretScope['severities'];
  const check = secretScanCheck({ deny: deny.map((pattern) => ({ pattern })), allow, severities });
  return (await check.run(input)).findings;
}

/** What a change took away, and the other Markdown files, whose links may have led there. */
export interface Removals {
  readonly removed: ReadonlySet<string>;
  readonly readOthers: () => Promise<ValidationFile[]>;
}

/**
 * Checks the links of the given files; where a change removed something, also those of all others that
 * led to it. Links are read as the first rule that selects a file says. Overrides are left out: their links are
 * written for the place of delivery.
 */
export function localLinkCheck(
  removals: Removals | undefined,
  scopes: readonly SecretScope[],
): Check {
  const inner = linkIntegrityCheck({
    style: (path) => scopes.find(({ applies }) => applies(path))?.links ?? 'files',
  });
  return {
    ...inner,
    async run(input) {
      const result = await inner.run({ ...input, files: withoutOverrides(input.files) });
      if (!removals || removals.removed.size === 0) return result;
      const others = withoutOverrides(await removals.readOthers());
      const { findings } = await inner.run({ ...input, files: others });
      const broken = findings.filter((finding) => leadsTo(finding, removals.removed));
      const details = broken.length > 0 ? `, ${broken.length} more by what was removed` : '';
      return {
        findings: [...result.findings, ...broken],
        details: `${result.details}${details}`,
      };
    },
  };
}

function withoutOverrides(files: readonly ValidationFile[]): ValidationFile[] {
  return files.filter(({ path }) => !isOverride(path));
}

/** Whether a broken link led to a removed file, or to a folder that went with it. */
function leadsTo({ ruleId, path, data }: Finding, removed: ReadonlySet<string>): boolean {
  const url = data?.['url'];
  if (ruleId !== 'link/missing-file' || typeof url !== 'string') return false;
  const target = URL.parse(url, `tree:///${path.split('/').map(encodeURIComponent).join('/')}`);
  if (!target) return false;
  const place = decodeURIComponent(target.pathname).replace(/^\/|\/$/g, '');
  return removed.has(place) || [...removed].some((gone) => gone.startsWith(`${place}/`));
}

/** Files that could not be read, as a row of the report that is there only when it has something to say. */
export function readingCheck(findings: readonly Finding[]): Check {
  return {
    id: 'reading',
    needs: [],
    failureAction: 'block',
    run: () => ({
      findings: [...findings],
      details: `${count(findings.length, 'file')} not checked`,
    }),
  };
}

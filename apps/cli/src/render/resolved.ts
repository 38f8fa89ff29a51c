import type { Finding, Taken, TargetResolution } from '@holdfast/sync';
import { bold, dim, green, red } from '../markup.js';
import { summariseFindings } from './findings.js';
import { indent, shortId, text } from './words.js';

interface About {
  readonly path: string;
  readonly rule: string;
  readonly version: string;
  readonly taken: Taken;
}

/** Where a decision goes. */
export type ResolvedPlace = Pick<TargetResolution, 'target' | 'branch' | 'request'>;

/** A conflict that was decided: in a target, or in the files of a work tree; or a decision that a check refused. */
export type Resolved =
  | ({ readonly kind: 'committed' } & TargetResolution)
  | ({ readonly kind: 'written'; readonly files: readonly string[] } & About)
  | ({ readonly kind: 'refused'; readonly findings: readonly Finding[] } & About &
      Partial<ResolvedPlace>);

const takenWords: Record<Taken, string> = {
  ours: "the target's side",
  theirs: "the release's side",
  edited: 'as it was edited',
  given: 'the content that was given',
};

/** What was decided, where it went, and what is left to do. */
export function renderResolved(resolved: Resolved): string {
  const { path, rule, version, taken } = resolved;
  const about = `${bold(path)} against ${version} ${dim(`(${rule})`)}: ${takenWords[taken]}`;
  switch (resolved.kind) {
    case 'refused':
      return text([
        `${red('NOT RESOLVED:')} ${about}`,
        ...indent(summariseFindings(resolved.findings, { warnings: 0 }), 4),
        'Mend it and run the command again, or insist with --with-findings. Nothing was written.',
      ]);
    case 'written':
      return text([
        `${green('RESOLVED:')} ${about}`,
        ...indent(resolved.files),
        'Next: review with git diff, then commit these files.',
      ]);
    case 'committed': {
      const { commit } = resolved;
      return text([
        `${green('RESOLVED:')} ${about}`,
        ...indent([`committed to ${describePlace(resolved)} ${dim(`(${shortId(commit)})`)}`]),
        ...nextStep(resolved),
      ]);
    }
  }
}

/** `acme-sync/v1.1.0/web of org/web, request #2` */
export function describePlace({ target, branch, request }: ResolvedPlace): string {
  const words = `${branch} of ${target}`;
  return request ? `${words}, request #${request.number}` : `${words}, without a request`;
}

function nextStep({ target, request }: ResolvedPlace): string[] {
  if (!request) return [];
  return [`Look at it with: holdfast requests show ${target} ${request.number}`];
}

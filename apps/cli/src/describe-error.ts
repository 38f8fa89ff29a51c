import type { Finding } from '@holdfast/sync';
import { bold, red } from './markup.js';
import { renderFinding } from './render/findings.js';

/** An error as data, as `--json` prints it. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly blame: 'input' | 'environment' | 'repository' | 'bug';
  readonly hint?: string;
  readonly findings?: readonly Finding[];
}

/**
 * Any thrown value as data: errors of Holdfast keep what they know, system errors are the
 * surroundings'. It knows them by their shape, so that `--help` loads no library for it.
 */
export function describeError(error: unknown): ErrorDocument {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error), blame: 'bug' };
  const { code, blame, hint, findings, syscall } = error as Error &
    Partial<ErrorDocument> & { syscall?: string };
  const known = blame === 'input' || blame === 'environment' || blame === 'repository';
  return {
    code: typeof code === 'string' ? code : 'unknown',
    message: error.message,
    blame: known ? blame : syscall === undefined ? 'bug' : 'environment',
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(findings && findings.length > 0 ? { findings } : {}),
  };
}

/** An error for people: findings with their places, what failed, and what to do next. */
export function renderError(error: ErrorDocument): string {
  const { message, hint, blame, findings = [] } = error;
  return [
    ...findings.map(renderFinding),
    `${bold(red('error:'))} ${message}`,
    ...(hint === undefined ? [] : [`${bold('hint:')} ${hint}`]),
    ...(blame === 'bug' ? ['This is a bug in Holdfast; --verbose shows where it happened.'] : []),
    '',
  ].join('\n');
}

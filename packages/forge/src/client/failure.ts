import { ForgeError, type ForgeErrorCode } from '../port/forge-error.js';
import type { Answer, NoAnswer } from './answer.js';
import type { Call } from './call.js';
import { messageOf } from './read-wait.js';

/** The error for a status that the caller did not expect. */
export function failureOf(host: string, { method, path }: Call, answer: Answer): ForgeError {
  const { status } = answer;
  const said = messageOf(answer.body) || (answer.text === '' ? '' : 'a page that is no JSON');
  const message = `${host}: ${method} ${path}: ${status}${said === '' ? '' : `: ${said}`}`;
  const code = codeOf(status, said);
  return new ForgeError(code, message, { hint: hintOf(code, host), data: { host, path, status } });
}

function codeOf(status: number, said: string): ForgeErrorCode {
  if (status === 401) return 'authentication';
  if (/archived/i.test(said)) return 'archived';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'unknown-repository';
  return status >= 500 ? 'unreachable' : 'refused';
}

function hintOf(code: ForgeErrorCode, host: string): string {
  switch (code) {
    case 'authentication':
      return `The token for ${host} is missing, wrong or expired: see holdfast auth check.`;
    case 'forbidden':
      return `The token for ${host} may not do this: holdfast auth check says what is missing.`;
    case 'unknown-repository':
      return 'There is no such repository, or the token may not see it: check url, and holdfast auth check.';
    case 'archived':
      return 'An archived repository takes no change: unarchive it, or take it out of the configuration.';
    case 'unreachable':
      return 'The server has a problem of its own; the next run goes on where this one stopped.';
    default:
      return 'The message says what the forge declined.';
  }
}

/** The error of a call that creates and got no clear answer: it may have worked. */
export function uncertain(
  host: string,
  { method, path }: Call,
  got: Answer | NoAnswer,
): ForgeError {
  const reason = 'kind' in got ? got.reason : `${got.status}`;
  return new ForgeError('unreachable', `${host}: no clear answer to ${method} ${path}: ${reason}`, {
    hint: 'The next run looks first whether it worked, and goes on from there.',
    data: { host, path, uncertain: true },
    ...('kind' in got ? { cause: got.cause } : {}),
  });
}

/** Whether a call may have worked although it failed. */
export function isUncertain(error: unknown): boolean {
  return error instanceof ForgeError && error.data['uncertain'] === true;
}

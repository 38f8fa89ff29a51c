import { branchLimit } from './request-limits.js';

const forbidden = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)/;

/**
 * Whether a text can be a branch's name, by the rules of `git check-ref-format --branch`, for any
 * git: `refs/heads/` before it makes a valid ref.
 */
export function isBranchName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= branchLimit &&
    name.isWellFormed() &&
    name !== '@' &&
    name !== 'HEAD' &&
    !/^[-/.]|[/.]$/.test(name) &&
    !forbidden.test(name)
  );
}

/** The full name of a branch's ref. */
export function branchRef(branch: string): string {
  return `refs/heads/${branch}`;
}

import { GitError } from './git-error.js';
import type { Commit, Signature } from './repository.js';

/** Reads a commit object's content. Fails with `corrupt` where it is not one. */
export function parseCommit(oid: string, content: Buffer): Commit {
  const end = content.indexOf('\n\n');
  const head = content.subarray(0, end === -1 ? content.length : end);
  const encoding = /^encoding (.+)$/m.exec(head.toString('latin1'))?.[1];
  const headers = decodeText(head, encoding).split('\n');
  const value = (name: string): string | undefined =>
    headers.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const tree = value('tree');
  const author = parseSignature(value('author'));
  const committer = parseSignature(value('committer'));
  if (tree === undefined || author === undefined || committer === undefined) {
    throw new GitError(
      'corrupt',
      `commit ${oid} is damaged: tree, author or committer is missing`,
      {
        data: { oid },
        hint: 'run "git fsck" in the repository',
      },
    );
  }
  return {
    oid,
    tree,
    parents: headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)),
    author,
    committer,
    message: end === -1 ? '' : decodeText(content.subarray(end + 2), encoding),
  };
}

/** What a commit to be serialised consists of. */
export interface CommitParts {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** The content of a commit object. Fails with `invalid-argument` on what git could not read back. */
export function serializeCommit(commit: CommitParts): Buffer {
  if (commit.message.includes('\0') || !commit.message.isWellFormed()) {
    throw new GitError('invalid-argument', 'a commit message must be text without NUL characters');
  }
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${serializeSignature(commit.author)}`,
    `committer ${serializeSignature(commit.committer)}`,
    '',
    commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
  ];
  return Buffer.from(lines.join('\n'));
}

/** The object that an annotated tag points at. */
export function parseTagTarget(oid: string, content: Buffer): string {
  const target = /^object ([0-9a-f]{40})\n/.exec(content.toString('latin1', 0, 48))?.[1];
  if (target === undefined) {
    throw new GitError('corrupt', `tag ${oid} is damaged: it points at nothing`, { data: { oid } });
  }
  return target;
}

function parseSignature(text: string | undefined): Signature | undefined {
  if (text === undefined) return undefined;
  const close = text.lastIndexOf('>');
  const open = text.indexOf('<');
  if (open === -1 || close < open) return undefined;
  const [timestamp = '0', timezone = '+0000'] = text
    .slice(close + 1)
    .trim()
    .split(' ');
  return {
    name: text.slice(0, open).trimEnd(),
    email: text.slice(open + 1, close),
    timestamp: Number(timestamp) || 0,
    timezone,
  };
}

function serializeSignature(signature: Signature): string {
  const { name, email, timestamp, timezone = '+0000' } = signature;
  if (/[<>\n\0]/.test(name) || /[<>\n\0]/.test(email) || name.trim() === '') {
    throw new GitError(
      'invalid-argument',
      `a commit needs a name, and a name and an e-mail address without <, > and line breaks; got ${JSON.stringify(`${name} <${email}>`)}`,
    );
  }
  if (!Number.isSafeInteger(timestamp) || timestamp < 0 || !/^[+-]\d{4}$/.test(timezone)) {
    throw new GitError(
      'invalid-argument',
      `a commit's date must be whole seconds since 1970 and a zone like +0200; got ${timestamp} ${timezone}`,
    );
  }
  return `${name} <${email}> ${timestamp} ${timezone}`;
}

function decodeText(bytes: Buffer, encoding = 'utf-8'): string {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return bytes.toString();
    throw error;
  }
}

import type { GitObject } from '../engine.js';
import { GitError } from '../git-error.js';
import { beyondLimit, type Limits } from '../limits.js';
import { listTree } from '../list-tree.js';
import type { ObjectType } from '../object-id.js';
import type { Environment } from './git-environment.js';
import { collectText, startFailure, startGit } from './run-git.js';

/** What `cat-file` says of an object; `content` where it was asked for. */
export interface ObjectAnswer {
  readonly oid: string;
  readonly type: ObjectType;
  readonly size: number;
  readonly content: Buffer;
}

/** Reads objects through one long-lived `git cat-file --batch-command`. */
export interface ObjectReader {
  /** By id, or any name that git knows; undefined when it is missing or ambiguous. */
  read(name: string, limit?: number): Promise<GitObject | undefined>;
  /** The id, kind and size only. */
  inspect(name: string): Promise<Omit<ObjectAnswer, 'content'> | undefined>;
  listFiles(tree: string, limits: Limits): ReturnType<typeof listTree>;
  close(): Promise<void>;
}

interface Request {
  readonly command: string;
  readonly withContent: boolean;
  readonly limit: number;
  readonly resolve: (answer: ObjectAnswer | undefined) => void;
  readonly reject: (error: unknown) => void;
  /** Whether git ended over it before: a second end is its fault. */
  suspect: boolean;
}

/** Larger objects are read only where a limit of its own allows it; in bytes. */
const MAX_OBJECT = 256 * 1024 * 1024;

type Child = ReturnType<typeof startGit>;

/**
 * Starts git at the first request, and again after it died of a damaged object. While no answer is
 * awaited, the process does not keep the event loop alive.
 */
export function createObjectReader(directory: string, environment: Environment): ObjectReader {
  const waiting: Request[] = [];
  let unsent: Request[] = [];
  let child: Child | undefined;
  let closed = false;

  function ask(kind: 'contents' | 'info', name: string, limit: number) {
    return new Promise<ObjectAnswer | undefined>((resolve, reject) => {
      if (closed) return reject(afterClose());
      const command = `${kind} ${name}\n`;
      if (unsent.length === 0) queueMicrotask(send);
      unsent.push({
        command,
        withContent: kind === 'contents',
        limit,
        resolve,
        reject,
        suspect: false,
      });
    });
  }

  function send(): void {
    if (closed) {
      for (const request of unsent.splice(0)) request.reject(afterClose());
      return;
    }
    child ??= start();
    setAlive(child, true);
    for (const one of unsent) waiting.push(one);
    child.stdin.write(`${unsent.map(({ command }) => command).join('')}flush\n`);
    unsent = [];
  }

  function start(): Child {
    const started = startGit(['cat-file', '--batch-command', '--buffer'], {
      directory,
      environment,
    });
    const stderr = collectText(started.stderr);
    const parse = createAnswerParser(waiting, () => {
      // Whoever closes waits for its end, also when answers are still to come.
      if (waiting.length === 0 && !closed) setAlive(started, false);
    });
    started.stdin.on('error', () => undefined); // 'close' follows and tells why
    started.stdout.on('data', parse);
    started.on('error', (error) => {
      child = undefined;
      for (const request of waiting.splice(0)) request.reject(startFailure(error, { directory }));
    });
    started.on('close', () => {
      if (child === started) child = undefined;
      restart(stderr());
    });
    return started;
  }

  /** Asks again what was not answered; the request that git ended over twice fails. */
  function restart(stderr: string): void {
    const unanswered = waiting.splice(0);
    const [first] = unanswered;
    if (first?.suspect === true) {
      unanswered.shift();
      // An object that only a promisor remote has: nothing is fetched to look at a repository.
      if (/transport '\w+' not allowed|promisor remote/.test(stderr)) first.resolve(undefined);
      else first.reject(unreadable(first, stderr));
    } else if (first !== undefined) {
      first.suspect = true;
    }
    if (unanswered.length === 0) return;
    if (unsent.length === 0) queueMicrotask(send);
    unsent = [...unanswered, ...unsent];
  }

  return {
    read: (name, limit = MAX_OBJECT) => ask('contents', name, limit),
    inspect: (name) => ask('info', name, Infinity),
    listFiles: (tree, limits) =>
      listTree(
        tree,
        async (oid) => {
          const object = await ask('contents', oid, limits.objectBytes);
          return object?.type === 'tree' ? object.content : undefined;
        },
        limits,
      ),
    close() {
      closed = true;
      const open = child;
      if (open === undefined) return Promise.resolve();
      setAlive(open, true);
      open.stdin.end();
      return new Promise((resolve) => open.once('close', () => resolve()));
    },
  };
}

/** Cuts git's output into answers and hands each to the request that is first in line. */
function createAnswerParser(waiting: Request[], onAnswer: () => void): (chunk: Buffer) => void {
  let header = '';
  let body: { answer: ObjectAnswer; filled: number; size: number; skip: boolean } | undefined;

  function settle(answer: ObjectAnswer | undefined, error?: GitError): void {
    const request = waiting.shift();
    if (error === undefined) request?.resolve(answer);
    else request?.reject(error);
    onAnswer();
  }

  function readHeader(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(0x0a, at);
    header += chunk.toString('latin1', at, end === -1 ? chunk.length : end);
    if (end === -1) return chunk.length;
    const [, oid, type, size] = /^([0-9a-f]{40}) (\w+) (\d+)$/.exec(header) ?? [];
    header = '';
    if (oid === undefined) settle(undefined);
    else beginBody(oid, type as ObjectType, Number(size));
    return end + 1;
  }

  function beginBody(oid: string, type: ObjectType, size: number): void {
    const request = waiting[0];
    const skip = request !== undefined && size > request.limit;
    const content = Buffer.allocUnsafeSlow(request?.withContent === true && !skip ? size : 0);
    if (request?.withContent === true)
      body = { answer: { oid, type, size, content }, filled: 0, size, skip };
    else settle({ oid, type, size, content });
  }

  function readBody(chunk: Buffer, at: number, into: NonNullable<typeof body>): number {
    const part = Math.min(chunk.length - at, into.size - into.filled);
    if (!into.skip) chunk.copy(into.answer.content, into.filled, at, at + part);
    into.filled += part;
    if (into.filled < into.size || at + part === chunk.length) return at + part;
    body = undefined;
    if (into.skip) settle(undefined, tooLarge(into.answer, waiting[0]?.limit));
    else settle(into.answer);
    return at + part + 1; // git ends the content with a line feed
  }

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      at = body === undefined ? readHeader(chunk, at) : readBody(chunk, at, body);
    }
  };
}

function afterClose(): GitError {
  return new GitError('closed', 'the repository was closed');
}

function unreadable({ command }: Request, stderr: string): GitError {
  const reason = stderr.split('\n').at(-1) || 'git ended early';
  return new GitError('corrupt', `git could not read an object: ${reason}`, {
    data: { request: command.trim() },
    hint: 'run "git fsck" in the repository',
  });
}

function tooLarge({ oid, type, size }: ObjectAnswer, allowed = 0): GitError {
  const limit = type === 'blob' ? 'blobBytes' : 'objectBytes';
  return beyondLimit(limit, `${type} ${oid} has ${size} bytes`, allowed, { oid, size });
}

function setAlive(child: Child, alive: boolean): void {
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) {
    const counted = handle as { ref?: () => void; unref?: () => void };
    if (alive) counted.ref?.();
    else counted.unref?.();
  }
}

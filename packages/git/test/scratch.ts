import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Variables that make git's commits the same on each machine. */
export const gitEnvironment = {
  ...process.env,
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** A temporary folder that goes when the test ends. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-git-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Runs real git and returns what it prints, without the last line feed. */
export function git(cwd: string, ...args: string[]): string {
  return gitWith({}, cwd, ...args);
}

/** As `git`, with input or variables. */
export function gitWith(
  { input, ...env }: { input?: string | Buffer } & Record<string, string | Buffer | undefined>,
  cwd: string,
  ...args: string[]
): string {
  return execFileSync('git', ['-c', 'gc.auto=0', ...args], {
    cwd,
    env: { ...gitEnvironment, ...(env as Record<string, string>) },
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  })
    .toString()
    .replace(/\n$/, '');
}

/** A new repository with `main` checked out, or a bare one. */
export function makeRepository(options: { bare?: boolean } = {}): string {
  const folder = join(makeFolder(), options.bare === true ? 'repo.git' : 'repo');
  mkdirSync(folder);
  git(folder, 'init', '-q', '-b', 'main', ...(options.bare === true ? ['--bare'] : []));
  return folder;
}

let clock = 1_700_000_000;

/** Writes files (null: removes) in a work tree and commits them, each time a minute later. */
export function commitFiles(
  repository: string,
  files: Record<string, string | Buffer | null>,
  message = 'change',
): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(repository, path);
    if (content === null) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
  clock += 60;
  const date = `${clock} +0200`;
  git(repository, 'add', '-A', '-f');
  gitWith(
    { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    repository,
    ...['commit', '-q', '--allow-empty', '-m', message],
  );
  return git(repository, 'rev-parse', 'HEAD');
}

/** A bare clone of a work tree repository, with all its refs. */
export function cloneBare(repository: string, ...flags: string[]): string {
  const folder = join(makeFolder(), 'bare.git');
  git(dirname(folder), 'clone', '-q', '--mirror', ...flags, repository, folder);
  return folder;
}

/** What a test server asks for and how it behaves. */
export interface ServerOptions {
  readonly login?: { username: string; password: string };
  /** Answers each request with this status instead of serving it. */
  readonly status?: number;
  /** Never answers. */
  readonly silent?: boolean;
  /** Speaks only what git spoke before version 2 of its protocol. */
  readonly old?: boolean;
  /** Each request, as it comes in. */
  readonly asked?: string[];
}

/** Serves the bare repositories below a folder over smart HTTP, with real `git http-backend`. */
export async function serve(root: string, options: ServerOptions = {}): Promise<string> {
  const expected =
    options.login &&
    `Basic ${Buffer.from(`${options.login.username}:${options.login.password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    options.asked?.push(`${request.method} ${request.url}`);
    if (options.silent === true) return;
    if (options.status !== undefined)
      return void response.writeHead(options.status).end('<b>no</b>');
    if (expected !== undefined && request.headers.authorization !== expected) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const backend = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: decodeURIComponent(pathname),
        QUERY_STRING: searchParams.toString(),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: request.headers['content-length'],
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        GIT_PROTOCOL:
          options.old === true ? '' : (request.headers['git-protocol'] as string | undefined),
        REMOTE_USER: options.login?.username ?? 'test',
      },
    });
    request.pipe(backend.stdin);
    backend.stdin.on('error', () => undefined);
    const chunks: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('close', () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      for (const line of output.toString('latin1', 0, Math.max(end, 0)).split('\r\n')) {
        const [name = '', value = ''] = line.split(': ');
        if (name === 'Status') response.statusCode = Number(value.slice(0, 3));
        else if (name !== '') response.setHeader(name, value);
      }
      response.end(output.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Who and when, for commits that tests write. */
export const ada = {
  name: 'Ada',
  email: 'ada@example.com',
  timestamp: 1_700_000_000,
  timezone: '+0200',
};

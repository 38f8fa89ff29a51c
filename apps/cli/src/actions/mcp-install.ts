import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { dim, green } from '../markup.js';

export interface McpInstallInput {
  readonly client: Client;
  readonly readOnly?: true;
  readonly yes?: true;
}

type Client = 'claude-code' | 'claude-desktop' | 'codex' | 'cursor' | 'gemini' | 'vscode';

interface ClientFile {
  /** Where the client reads its servers from, within the work tree or the home folder. */
  readonly path: (home: string) => string;
  /** The key of the servers; TOML has tables. */
  readonly key: 'mcpServers' | 'servers' | 'toml';
  readonly within: 'project' | 'home';
}

const clients: Readonly<Record<Client, ClientFile>> = {
  'claude-code': { path: () => '.mcp.json', key: 'mcpServers', within: 'project' },
  'claude-desktop': { path: desktopPath, key: 'mcpServers', within: 'home' },
  codex: { path: () => join('.codex', 'config.toml'), key: 'toml', within: 'home' },
  cursor: { path: () => join('.cursor', 'mcp.json'), key: 'mcpServers', within: 'project' },
  gemini: { path: () => join('.gemini', 'settings.json'), key: 'mcpServers', within: 'home' },
  vscode: { path: () => join('.vscode', 'mcp.json'), key: 'servers', within: 'project' },
};

function desktopPath(): string {
  const folder = { darwin: 'Library/Application Support/Claude', win32: 'AppData/Roaming/Claude' };
  return join(
    folder[process.platform as keyof typeof folder] ?? '.config/Claude',
    'claude_desktop_config.json',
  );
}

/** `holdfast mcp install`: shows the entry for a client, asks, and writes it beside what is there. */
export async function installMcp(
  { surroundings }: CommandContext,
  { client, readOnly, yes }: McpInstallInput,
): Promise<CommandResult> {
  const { key, within, path } = clients[client];
  const home = surroundings.environment['HOME'] || homedir();
  const file = join(within === 'home' ? home : surroundings.cwd, path(home));
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const args = ['mcp', ...(readOnly ? ['--read-only'] : [])];
  const after = key === 'toml' ? enterToml(before, args, file) : enterJson(before, key, args, file);
  const entry =
    key === 'toml'
      ? tomlEntry(args)
      : JSON.stringify({ [key]: { holdfast: entryOf(key, args) } }, null, 2);
  if (after === undefined) return described('present', client, file, entry);
  if (!yes && !(await agree(surroundings, file, entry)))
    return described('refused', client, file, entry);
  await write(file, after);
  return described('written', client, file, entry);
}

function described(
  outcome: 'written' | 'present' | 'refused',
  client: Client,
  file: string,
  entry: string,
): CommandResult {
  const words = {
    written: `${green('+')} ${file}\n${dim('start the client anew; it finds the tools then')}\n`,
    present: `${file} has this entry already\n`,
    refused: `nothing was written; --yes writes it without asking, or add it yourself to ${file}:\n${entry}\n`,
  };
  return {
    exitCode: outcome === 'refused' ? 1 : 0,
    document: { outcome, client, file, entry },
    text: () => words[outcome],
  };
}

function entryOf(key: 'mcpServers' | 'servers', args: readonly string[]): object {
  return { ...(key === 'servers' ? { type: 'stdio' } : {}), command: 'holdfast', args };
}

/** The file with the entry; undefined when it is there already. Other entries keep their values. */
function enterJson(
  before: string | undefined,
  key: 'mcpServers' | 'servers',
  args: readonly string[],
  file: string,
): string | undefined {
  const value = before === undefined || before.trim() === '' ? {} : parse(before, file);
  const servers = value[key] ?? {};
  if (typeof servers !== 'object' || servers === null || Array.isArray(servers)) {
    throw new CliError('bad-argument', `${file}: ${key} is no object`, {
      hint: 'mend the file, then run this again',
    });
  }
  const entry = entryOf(key, args);
  const there = (servers as Record<string, unknown>)['holdfast'];
  if (JSON.stringify(there) === JSON.stringify(entry)) return undefined;
  const indent = /^[ \t]+(?=")/m.exec(before ?? '')?.[0] ?? '  ';
  return `${JSON.stringify({ ...value, [key]: { ...servers, holdfast: entry } }, null, indent)}\n`;
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CliError('bad-argument', `${file} is no JSON object (comments are not read here)`, {
    hint: 'mend it, or add the entry yourself: holdfast mcp install shows it in a folder without that file',
  });
}

function tomlEntry(args: readonly string[]): string {
  return `[mcp_servers.holdfast]\ncommand = "holdfast"\nargs = ${JSON.stringify(args)}\n`;
}

function enterToml(
  before: string | undefined,
  args: readonly string[],
  file: string,
): string | undefined {
  const text = before ?? '';
  if (text.includes(tomlEntry(args))) return undefined;
  if (/^\s*\[\s*mcp_servers\s*\.\s*"?holdfast"?\s*\]/m.test(text)) {
    throw new CliError('bad-argument', `${file} has another entry [mcp_servers.holdfast]`, {
      hint: `take it away, or make it:\n${tomlEntry(args)}`,
    });
  }
  const gap = text === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return `${text}${gap}${tomlEntry(args)}`;
}

async function agree(
  { stdin, stdout, stderr }: CommandContext['surroundings'],
  file: string,
  entry: string,
): Promise<boolean> {
  if (!stdin.isTTY || !stdout.isTTY) return false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      stderr.write(chunk.toString());
      done();
    },
  });
  const questions = createInterface({ input: stdin, output });
  try {
    const answer = await questions.question(`${entry}\nAdd this to ${file}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    questions.close();
  }
}

/** Whole or not at all: a temporary file of its own, then one rename. */
async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

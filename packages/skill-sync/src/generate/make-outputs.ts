import { lstat, readFile, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { absent } from '../skill/resolve-path.js';
import type { StateEntry, Store } from '../store/store.js';
import { writeFileAtomically } from '../write-file.js';
import { generatorEnvironment, type GeneratorSurroundings } from './generator-environment.js';
import type { SoundSkill } from './inspect-skill-state.js';
import { keepCopy } from './keep-copy.js';
import { renderRows } from './render-rows.js';
import { renderTemplate } from './render-template.js';
import { digestEachRow, type RowDigest } from './row-digests.js';
import { runProgram, type ProgramResult } from './run-program.js';
import { writeShim } from './shim.js';
import { readStaged, withStaging } from './staging.js';

export interface MakeOutputsOptions extends GeneratorSurroundings {
  readonly store: Store;
  /** The words that start Holdfast's command line; the generator's `ambrogioctl` leads to it. */
  readonly command: readonly string[];
  /** How long a program may run, in milliseconds. */
  readonly timeout: number;
  /** How large an output may be, in bytes. */
  readonly maxBytes: number;
  /** Where the records of skills are. */
  readonly records: string;
  /** Whether what is made is only compared: then nothing is put beside the output. */
  readonly isTrial: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Why no output was made; `output` is the last of what the program printed. */
export interface MakeFailure {
  readonly kind: 'failed';
  readonly reason:
    | 'error'
    | 'exited'
    | 'interrupted'
    | 'not-started'
    | 'nothing-written'
    | 'query-failed'
    | 'signalled'
    | 'template-error'
    | 'timed-out'
    | 'too-large'
    | 'unusable';
  readonly message: string;
  /** The exit code of a program that ended with one. */
  readonly code?: number;
  readonly output?: string;
  /** What was thrown, where one failure must not keep other skills from being made. */
  readonly error?: Error;
}

/** The content of each output, in their order; nothing is written yet. */
export interface MadeOutputs {
  readonly kind: 'made';
  readonly contents: readonly Buffer[];
  /** What each row was that the outputs were made from. */
  readonly rows: readonly RowDigest[];
  /** The generator wrote to the output itself. */
  readonly writesPast: boolean;
}

/** Makes what the outputs of a skill should hold: runs its generator, or renders its template. */
export async function makeOutputs(
  skill: SoundSkill,
  options: MakeOutputsOptions,
): Promise<MadeOutputs | MakeFailure> {
  const { manifest, parts } = skill;
  // A generator asks for the rows itself: then they are looked at one by one, and none is held.
  const entries = readsRows(skill) ? options.store.list(manifest.patterns) : [];
  const rows = digestEachRow(readsRows(skill) ? entries : options.store.iterate(manifest.patterns));
  const main = await makeMain(skill, entries, options);
  if (main.kind === 'failed') return main;
  const contents: Buffer[] = [];
  for (const [index, { format, templateFile }] of parts.outputs.entries()) {
    if (index === 0 || (format === 'markdown' && templateFile === undefined)) {
      contents.push(main.content);
    } else if (format === 'markdown') {
      const rendered = await renderFile(templateFile as string, entries, skill);
      if (rendered.kind === 'failed') return rendered;
      contents.push(rendered.content);
    } else {
      const described = { name: skill.name, patterns: manifest.patterns };
      contents.push(Buffer.from(renderRows(entries, described, format)));
    }
  }
  return { kind: 'made', contents, rows, writesPast: main.writesPast };
}

/** Whether an output is made from the rows by us. */
function readsRows({ manifest, parts }: SoundSkill): boolean {
  return (
    manifest.maker.kind === 'template' ||
    parts.outputs.some(({ format, templateFile }) => format !== 'markdown' || templateFile)
  );
}

/** In bytes. */
const maxTemplateSize = 4 * 1_048_576;

type Made = { kind: 'made'; content: Buffer; writesPast: boolean };

async function makeMain(
  skill: SoundSkill,
  entries: readonly StateEntry[],
  options: MakeOutputsOptions,
): Promise<Made | MakeFailure> {
  if (skill.manifest.maker.kind === 'generator') return runGenerator(skill, options);
  return renderFile(skill.parts.makerFile, entries, skill);
}

async function renderFile(
  file: string,
  entries: readonly StateEntry[],
  { name, manifest: { patterns, description } }: SoundSkill,
): Promise<Made | MakeFailure> {
  if ((await stat(file)).size > maxTemplateSize) {
    const message = `${basename(file)} is larger than ${maxTemplateSize} bytes`;
    return { kind: 'failed', reason: 'template-error', message };
  }
  const template = await readFile(file, 'utf8');
  const rendered = renderTemplate(template, { entries, skill: { name, description, patterns } });
  if (rendered.kind === 'rendered') {
    return { kind: 'made', content: Buffer.from(rendered.text), writesPast: false };
  }
  const message = `${basename(file)}, ${rendered.message}`;
  return { kind: 'failed', reason: 'template-error', message };
}

async function runGenerator(
  skill: SoundSkill,
  options: MakeOutputsOptions,
): Promise<Made | MakeFailure> {
  const { command, timeout, maxBytes, records, isTrial, signal } = options;
  const target = skill.parts.outputs[0]?.target as string;
  const before = await readFile(target).catch(absent);
  return withStaging(target, { isTrial, signal }, async (staging) => {
    await writeShim(staging.commands, { command });
    const result = await runProgram(skill.parts.makerFile, {
      cwd: skill.realDirectory,
      environment: generatorEnvironment(skill, staging, options),
      timeout,
      watched: staging.folder,
      maxBytes,
      signal,
    });
    const staged = await readStaged(staging.file, maxBytes);
    const failed =
      explainFailure(skill, result, timeout, maxBytes) ??
      (await explainQueries(staging.failures, result));
    const after = await readTarget(target, maxBytes);
    const isTouched = after === 'too-large' || !sameBytes(before, after);
    // What a generator of old did to the output itself is undone: it is written by nobody but us. What
    // somebody else did there while the generator wrote where it should is found before we write.
    const isOurs =
      staged.kind !== 'content' ||
      (isTrial && after instanceof Buffer && after.equals(staged.content));
    if (isTouched && (failed || isOurs)) {
      if (after instanceof Buffer) await keepCopy(records, skill.name, after);
      await restore(target, before);
    }
    if (failed) return failed;
    const { output } = result;
    if (staged.kind === 'content') {
      return { kind: 'made', content: staged.content, writesPast: false };
    }
    if (staged.kind === 'unusable') {
      return {
        kind: 'failed',
        reason: 'unusable',
        message: `the generator failed: ${staged.why}`,
        output,
      };
    }
    if (isTouched && after instanceof Buffer && after.byteLength > 0) {
      return { kind: 'made', content: after, writesPast: true };
    }
    const message = 'the generator ended well but wrote nothing to SYNC_OUTPUT_FILE';
    return { kind: 'failed', reason: 'nothing-written', message, output };
  });
}

/** Queries that failed although the generator went on; what is noted was written by it, too. */
async function explainQueries(
  failures: string,
  { output }: ProgramResult,
): Promise<MakeFailure | undefined> {
  const noted = await readStaged(failures, 4096);
  if (noted.kind === 'absent') return undefined;
  const queries =
    noted.kind === 'content' ? noted.content.toString('utf8') : 'which, cannot be told';
  const message = `a query of the generator failed, and it went on: ${queries.trim().split('\n').join('; ')}`;
  return { kind: 'failed', reason: 'query-failed', message, output };
}

/** The content of an output, of whatever kind a program made it. */
export async function readTarget(
  target: string,
  maxBytes: number,
): Promise<Buffer | 'too-large' | undefined> {
  const stats = await lstat(target).catch(absent);
  if (!stats?.isFile()) return undefined;
  return stats.size > maxBytes ? 'too-large' : readFile(target);
}

export function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

async function restore(target: string, before: Buffer | undefined): Promise<void> {
  if (before === undefined) await rm(target, { recursive: true, force: true });
  else await writeFileAtomically(target, before);
}

/** Why a program did not do its work, with what it printed; `undefined` when it did. */
export function explainFailure(
  { name }: SoundSkill,
  { end, output }: ProgramResult,
  timeout: number,
  maxBytes: number,
): MakeFailure | undefined {
  const failed = (reason: MakeFailure['reason'], message: string): MakeFailure => ({
    kind: 'failed',
    reason,
    message: `${name}: ${message}`,
    output,
  });
  switch (end.kind) {
    case 'exited':
      if (end.code === 0) return undefined;
      return {
        ...failed('exited', `the program ended with exit code ${end.code}`),
        code: end.code,
      };
    case 'signalled':
      return failed('signalled', `the program was ended by ${end.signal}`);
    case 'timed-out':
      return failed('timed-out', `the program was ended after ${timeout / 1000} s (--timeout S)`);
    case 'too-large':
      return failed('too-large', `the program was ended: it wrote more than ${maxBytes} bytes`);
    case 'interrupted':
      return failed('interrupted', 'interrupted');
    case 'not-started':
      return failed('not-started', `the program could not be started: ${end.why}`);
  }
}

import { chooseCatalogues } from '@holdfast/fleet';
import type { OpenedCatalogue } from '@holdfast/fleet';
import { askGit } from '@holdfast/git';
import {
  compareMeaning,
  describeMeaning,
  pullCatalogue,
  readCatalogueVersion,
} from '@holdfast/sync';
import type { Pulled, VersionedCatalogue } from '@holdfast/sync';
import { documentMeaning } from '../catalogue-meaning.js';
import type { PulledCatalogue } from '../catalogue-reports.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { describeError } from '../describe-error.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { catalogueOptions, withCatalogue } from '../open-catalogue.js';
import { typeExtractor } from '../extract-types.js';
import { renderPulled } from '../render/catalogues.js';

export interface PullInput {
  readonly catalogues: readonly string[];
  readonly full?: true;
  readonly ref?: string;
  readonly check?: true;
  readonly commit?: true;
}

/** `holdfast pull`: brings catalogues up to their sources. One that fails does not stop the rest. */
export async function pull(context: CommandContext, input: PullInput): Promise<CommandResult> {
  const names = await chooseCatalogues(catalogueOptions(context), input.catalogues);
  const pulled: PulledCatalogue[] = [];
  for (const name of names) {
    try {
      pulled.push(
        await withCatalogue(context, name, (catalogue) => pullOne(context, catalogue, input)),
      );
    } catch (error) {
      pulled.push({ name, outcome: 'failed', error: describeError(error) });
    }
  }
  return {
    exitCode: worst(pulled.map(exitCodeOfPulled)),
    document: { catalogues: pulled },
    text: () => renderPulled(pulled),
  };
}

async function pullOne(
  context: CommandContext,
  catalogue: OpenedCatalogue,
  input: PullInput,
): Promise<PulledCatalogue> {
  const { ref, full = false, check = false } = input;
  const { name } = catalogue;
  const before = await pulledBefore(catalogue);
  const { kind, ...pulled } = await pullCatalogue(catalogue, {
    full,
    check,
    extract: typeExtractor(context),
    ...(ref === undefined ? {} : { ref }),
  });
  if (kind === 'current') return { name, outcome: kind, ...pulled };
  const after = await readCatalogueVersion(catalogue, {
    kind: 'revision',
    revision: pulled.commit,
  });
  const meaning = before && (await compareMeaning(before.files, after.files));
  const message = messageOf(catalogue, pulled, meaning ? describeMeaning(meaning) : []);
  const committed =
    input.commit && kind === 'pulled' && !check
      ? await commitPull(context, catalogue, message)
      : undefined;
  return {
    name,
    outcome: check && kind === 'pulled' ? 'would-change' : kind,
    ...pulled,
    ...(meaning ? { semantic: documentMeaning(meaning) } : {}),
    message,
    ...(committed === undefined ? {} : { committed }),
  };
}

/** What the last pull brought; undefined before the first, or where the source lost it. */
async function pulledBefore(catalogue: OpenedCatalogue): Promise<VersionedCatalogue | undefined> {
  return readCatalogueVersion(catalogue, { kind: 'pulled' }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'unknown-revision') return undefined;
    throw error;
  });
}

function messageOf(
  { name, sourceName }: OpenedCatalogue,
  { commit, files }: Pick<Pulled, 'commit' | 'files'>,
  meaning: readonly string[],
): string {
  const subject = `Pull ${name} from ${sourceName} at ${commit.slice(0, 12)}`;
  const body = meaning.length > 0 ? meaning : [`${files.length} files changed, none in meaning`];
  return `${subject}\n\n${body.map((line) => `- ${line}`).join('\n')}\n`;
}

/** Commits the root of the catalogue and nothing else; what is staged elsewhere stays staged. */
async function commitPull(
  { surroundings: { environment, signal } }: CommandContext,
  { root }: OpenedCatalogue,
  message: string,
): Promise<string> {
  const run = async (...args: string[]) => {
    const answer = await askGit(args, { cwd: root, environment, signal });
    if (answer.exitCode === 0) return answer.stdout.toString();
    throw new CliError('bad-argument', `--commit: git ${args[0]} failed: ${answer.stderr.trim()}`, {
      hint: 'what was pulled is in the work tree; commit it yourself',
    });
  };
  await run('add', '--all', '--', '.');
  await run('commit', '--quiet', '--message', message, '--', '.');
  return (await run('rev-parse', 'HEAD')).trim();
}

function exitCodeOfPulled(pulled: PulledCatalogue): ExitCode {
  if (pulled.outcome === 'failed') return exitCodeOf(pulled.error);
  return pulled.outcome === 'conflicted' || pulled.outcome === 'would-change' ? 1 : 0;
}

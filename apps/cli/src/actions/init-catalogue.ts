import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CONFIGURATION_FILE, openOptions } from '@holdfast/fleet';
import { openRepository, resolveLocation } from '@holdfast/git';
import { parseConfiguration } from '@holdfast/manifest';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { green } from '../markup.js';

export interface InitCatalogueInput {
  readonly name: string;
  readonly repo: string;
  readonly branch?: string;
  readonly root?: string;
  readonly scripts?: true;
  readonly agent?: true;
}

/** `holdfast init catalogue`: adds a section that pulls, by what the source holds. Nothing is overwritten. */
export async function initCatalogue(
  context: CommandContext,
  input: InitCatalogueInput,
): Promise<CommandResult> {
  const { cwd } = context.surroundings;
  const file =
    context.config === undefined ? join(cwd, CONFIGURATION_FILE) : resolve(cwd, context.config);
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const content = await proposeContent(context, dirname(file), input);
  const after = addSection(before, sectionOf(input, content));
  const parsed = parseConfiguration(after, { file: CONFIGURATION_FILE });
  if (parsed.kind === 'invalid') {
    throw new CliError(
      'bad-argument',
      `the section would not be valid: ${parsed.findings[0]?.message ?? ''}`,
      {
        hint: 'give another name, root or source',
      },
    );
  }
  const extra = [
    ...(input.scripts ? scriptsOf(input.name, rootOf(input)) : []),
    ...(input.agent ? [agentCommand(input.name)] : []),
  ];
  for (const { path } of extra) await refusePresent(join(cwd, path));
  await writeFile(file, after);
  for (const { path, text, mode } of extra) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text, { flag: 'wx', mode });
  }
  const files = [CONFIGURATION_FILE, ...extra.map(({ path }) => path)];
  return {
    exitCode: 0,
    document: { catalogue: input.name, files },
    text: () =>
      `${files.map((path) => `${green('+')} ${path}`).join('\n')}\n\nPull it with: holdfast pull ${input.name}\n`,
  };
}

/** What to pull, by what lies in the source: the folders of a data catalogue, or everything. */
async function proposeContent(
  context: CommandContext,
  folder: string,
  { repo: location, branch }: InitCatalogueInput,
): Promise<string[]> {
  const repository = await openRepository(
    resolveLocation(folder, location),
    openOptions(context.surroundings),
  );
  try {
    const wanted = branch ?? (await repository.defaultBranch());
    const head =
      wanted === undefined ? undefined : await repository.resolveCommit(`refs/heads/${wanted}`);
    if (!head) {
      throw new CliError('bad-argument', `--repo: there is no branch ${wanted ?? ''} to pull`, {
        hint: 'name the branch with --branch',
      });
    }
    const paths = [...(await repository.readSnapshot(head.oid)).entries.keys()];
    const has = (start: string) => paths.some((path) => path.startsWith(start));
    const documents = [
      ...(paths.includes('docs/INDEX.md') ? ['docs/INDEX.md: docs/INDEX.md'] : []),
      ...(paths.includes('CLAUDE.md') ? ['CLAUDE.md: docs/CATALOGUE_CLAUDE.md'] : []),
    ];
    const lines = [
      ...(has('models/') ? ['models: { from: "models/*/**", to: ontology/objects/ }'] : []),
      ...(has('derivations/')
        ? ['derivation_categories: { from: "derivations/*/**", to: ontology/derivations/ }']
        : []),
      ...(documents.length > 0 ? [`docs: { files: { ${documents.join(', ')} } }`] : []),
    ];
    return lines.length > 0 ? lines : ['files: { from: "**", to: "." }'];
  } finally {
    await repository.close();
  }
}

function rootOf({ root, name }: InitCatalogueInput): string {
  return root ?? name;
}

function sectionOf(input: InitCatalogueInput, content: readonly string[]): string[] {
  const { name, repo, branch } = input;
  const quoted = (text: string) => JSON.stringify(text);
  return [
    `  ${quoted(name)}:`,
    `    source: { repo: ${quoted(repo)}${branch === undefined ? '' : `, branch: ${quoted(branch)}`} }`,
    `    root: ${quoted(rootOf(input))}`,
    '    content:',
    ...content.map((line) => `      ${line}`),
  ];
}

/** Puts the section at the end: of the file, or of the catalogues that end it; all other bytes stay. */
function addSection(before: string | undefined, section: readonly string[]): string {
  if (before === undefined) return ['version: 1', 'catalogues:', ...section, ''].join('\n');
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const keys = [...before.matchAll(/^([A-Za-z_]+) *:/gm)].map(([, key]) => key);
  if (!keys.includes('catalogues')) return `${before}${gap}catalogues:\n${section.join('\n')}\n`;
  if (keys.at(-1) === 'catalogues') return `${before}${gap}${section.join('\n')}\n`;
  throw new CliError('bad-argument', `${CONFIGURATION_FILE} has catalogues in its middle`, {
    hint: `add these lines there yourself:\n${section.join('\n')}`,
  });
}

interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** The scripts of the specification, as thin wrappers: what they do is said by `holdfast`. */
function scriptsOf(name: string, root: string): NewFile[] {
  const quoted = `'${name.replaceAll("'", "'\\''")}'`;
  const folder = `'${root.replaceAll("'", "'\\''")}'`;
  const lines = {
    'sync-data-catalogue.sh': `exec holdfast pull ${quoted} "$@"`,
    'check-drift.sh': `exec holdfast drift ${quoted} "$@"`,
    'validate-local.sh': `exec holdfast validate ${folder} "$@"`,
    'push-changes.sh': `exec holdfast push ${quoted} "$@"`,
    'sync-ontology.sh': 'exec "$(dirname "$0")/sync-data-catalogue.sh" "$@"',
    'sync-all.sh':
      '"$(dirname "$0")/sync-data-catalogue.sh" "$@" && exec "$(dirname "$0")/check-drift.sh"',
  };
  return Object.entries(lines).map(([file, line]) => ({
    path: `scripts/sync/${file}`,
    text: `#!/bin/sh\n${line}\n`,
    mode: 0o755,
  }));
}

function agentCommand(name: string): NewFile {
  return {
    path: '.claude/commands/sync-catalogue.md',
    mode: 0o644,
    text: `---
description: Pull the ${name} catalogue, keep it valid, and push edits back
---

Work in the loop Pull → Edit → Validate → Push → Pull. Call these commands; do not edit \`.sync-manifest.json\`.

| Command | Permission | What for |
| ------- | ---------- | -------- |
| \`holdfast drift ${name}\` | SAFE | is it what its source has |
| \`holdfast pull ${name}\` | SAFE | bring it up to its source; local edits are kept |
| \`holdfast semantic-diff\` | SAFE | what the local edits mean |
| \`holdfast validate\` | SAFE | JSON, schemas, references |
| \`holdfast push ${name} --dry-run\` | SAFE | what would be pushed |
| \`holdfast push ${name} --yes\` | BATCH_CONFIRM | open or update the change request: show the dry run, ask once for the whole batch, then run it |

1. Start with drift and pull. Exit code 1 of pull means conflicts: stop, show both sides, and let a person decide.
2. Edit, then validate. Mend what it finds before anything else.
3. Say what changed by the sentences of semantic-diff, and why. Mark what breaks whom.
4. Push after the person's yes. After the merge upstream, pull again.
`,
  };
}

async function refusePresent(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return;
  throw new CliError('bad-argument', `${path} is there already; nothing was written`, {
    hint: 'move it away, or leave --scripts or --agent out',
  });
}

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sourceFiles } from './catalogue-source.js';
import { createSandbox } from './sandbox.js';
import type { Files, Finished, Sandbox } from './sandbox.js';

/** Where the catalogue lies in the consumer. */
export const ROOT = '.claude/skills/data-catalogue';

/** The consumer's configuration; more keys of the catalogue may follow it. */
export const CONFIGURATION = `version: 1
catalogues:
  data-catalogue:
    source: { name: we-money/brightmatch-data-catalogue, repo: ../catalogue.git, branch: main }
    root: ${ROOT}
    content:
      models: { from: "models/*/**", to: ontology/objects/ }
      derivation_categories: { from: "derivations/*/**", to: ontology/derivations/ }
      docs: { files: { docs/INDEX.md: docs/INDEX.md, CLAUDE.md: docs/CATALOGUE_CLAUDE.md } }
`;

/** A consumer with the configuration, files of its own beside the catalogue, and a source beside it. */
export async function createLoop(
  files: Files = sourceFiles(),
  configuration: string = CONFIGURATION,
): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.repository('catalogue.git', files);
  await sandbox.repository('source', {
    'holdfast.yaml': configuration,
    [`${ROOT}/SKILL.md`]: '# Ours\n',
    [`${ROOT}/ontology/README.md`]: '# Ours too\n',
  });
  await sandbox.git(sandbox.path('source'), 'checkout', '--quiet', '--force', 'main');
  return sandbox;
}

/** A path of the consumer's catalogue. */
export function here(sandbox: Sandbox, path: string): string {
  return sandbox.path('source', ROOT, path);
}

/** Writes a file of the consumer's catalogue. */
export async function edit(sandbox: Sandbox, path: string, text: string): Promise<void> {
  await mkdir(dirname(here(sandbox, path)), { recursive: true });
  await writeFile(here(sandbox, path), text);
}

/** What a command printed with `--json`. */
export function documentOf<Document>({ stdout }: Finished): Document {
  return JSON.parse(stdout) as Document;
}

/** Pulls and commits, as a person with a name does. */
export async function pullAndCommit(sandbox: Sandbox): Promise<Finished> {
  const environment = { GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com' };
  return sandbox.holdfast(['pull', '--commit'], { environment });
}

/** What git sees changed in the consumer. */
export async function changed(sandbox: Sandbox): Promise<string> {
  return sandbox.git(sandbox.path('source'), 'status', '--porcelain', '--untracked-files=all');
}

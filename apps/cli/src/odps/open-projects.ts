import { realpath } from 'node:fs/promises';
import { posix, relative, resolve, sep } from 'node:path';
import { openOptions } from '@holdfast/fleet';
import { openRepository } from '@holdfast/git';
import {
  auditConfigFile,
  createSourceFile,
  findProjects,
  readAuditConfig,
  readGit,
  readProject,
  readSourceFile,
} from '@holdfast/odps-audit';
import type { AuditConfig, GitFacts, Project, SourceFile } from '@holdfast/odps-audit';
import { CliError } from '../cli-error.js';
import type { Surroundings } from '../surroundings.js';

/** A dbt project that was read, and where it stands. */
export interface OpenProject {
  readonly project: Project;
  /** Its folder on disk. */
  readonly folder: string;
  /** Its folder as seen from where the command runs, `''` for that itself. */
  readonly shown: string;
  readonly git: GitFacts;
  readonly config: AuditConfig;
}

/** The dbt projects in a folder; in a project's own folder it comes first. */
export async function openProjects(
  given: string | undefined,
  surroundings: Surroundings,
  options: { readonly withSql?: boolean } = {},
): Promise<OpenProject[]> {
  const cwd = await realpath(surroundings.cwd);
  const root = await existingFolder(resolve(cwd, given ?? '.'), given ?? '.');
  const paths = await findProjects(root);
  if (paths.length === 0) {
    throw new CliError('file-missing', `there is no dbt_project.yml in ${given ?? 'this folder'}`, {
      hint: 'run it in the folder of a dbt project, or name one',
    });
  }
  const opened: OpenProject[] = [];
  for (const path of paths) {
    const folder = path === '' ? root : resolve(root, path);
    const shown = relative(cwd, folder).split(sep).join('/');
    opened.push(await openProject(folder, shown, surroundings, options));
  }
  return opened;
}

async function existingFolder(path: string, shown: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new CliError('file-missing', `there is no folder ${shown}`, { cause });
  }
}

async function openProject(
  folder: string,
  shown: string,
  { environment }: Surroundings,
  { withSql = false }: { readonly withSql?: boolean },
): Promise<OpenProject> {
  const git = await readGit(folder, { environment });
  const repositoryPath = git.kind === 'repository' ? git.path : '';
  const project = await readProject(folder, { repositoryPath, withSql });
  if (!project) throw new CliError('file-missing', `${shown}/dbt_project.yml is gone`);
  return { project, folder, shown, git, config: await readConfig(folder, shown) };
}

async function readConfig(folder: string, shown: string): Promise<AuditConfig> {
  const file = await readSourceFile(folder, auditConfigFile);
  if (!file) return { rules: {} };
  const read = readAuditConfig(file);
  if (read.kind === 'read') return read.config;
  throw new CliError('bad-argument', `${posix.join(shown, auditConfigFile)} cannot be used`, {
    hint: read.problems.join('\n'),
  });
}

/** The contracts of a project at an earlier revision, by their paths inside the project. */
export async function readBase(
  { folder, git, project }: OpenProject,
  revision: string,
  surroundings: Surroundings,
): Promise<SourceFile[]> {
  if (git.kind === 'none') {
    throw new CliError('not-in-repository', `--base needs a git repository around ${folder}`);
  }
  const depth = git.path === '' ? 0 : git.path.split('/').length;
  const root = resolve(folder, ...Array<string>(depth).fill('..'));
  const repository = await openRepository(root, openOptions(surroundings));
  try {
    const commit = await repository.resolveCommit(revision);
    if (!commit) {
      throw new CliError('bad-argument', `--base ${revision} names no commit of the repository`, {
        hint: 'fetch it first: in CI a shallow clone has only the newest',
      });
    }
    const { entries } = await repository.readSnapshot(commit.oid);
    const prefix = git.path === '' ? '' : `${git.path}/`;
    const wanted = [...entries.values()].filter(
      ({ path, mode }) => path.startsWith(prefix) && mode !== '120000' && mode !== '160000',
    );
    const files: SourceFile[] = [];
    for (const { path, oid } of wanted) {
      const own = path.slice(prefix.length);
      if (isContract(own, project))
        files.push(createSourceFile(own, await repository.readBlob(oid)));
    }
    return files;
  } finally {
    await repository.close();
  }
}

function isContract(path: string, { modelPaths }: Project): boolean {
  if (path.startsWith('datacontracts/')) return /\.ya?ml$/i.test(path);
  return /\.odcs\.ya?ml$/i.test(path) && modelPaths.some((folder) => path.startsWith(`${folder}/`));
}

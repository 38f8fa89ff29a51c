import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A source and targets in a temporary folder: real repositories. */
export interface TestFleet extends AsyncDisposable {
  readonly folder: string;
  readonly source: string;
  readonly targets: readonly string[];
  /** Commits files to the source and tags the commit. */
  release(tag: string, files: Readonly<Record<string, string>>): Promise<void>;
  git(cwd: string, ...args: string[]): Promise<string>;
  /** The folder of a target's repository. */
  repository(target: string): string;
}

const AUTHOR = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'gc.auto=0'];

/** Makes a source with one release and so many empty targets, one rule each. */
export async function createTestFleet(count: number): Promise<TestFleet> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-worker-'));
  const source = join(folder, 'source');
  const targets = Array.from({ length: count }, (_, i) => `org/repo-${String(i).padStart(3, '0')}`);
  const repository = (target: string) => join(folder, `${target.replace('/', '-')}.git`);
  async function git(cwd: string, ...args: string[]): Promise<string> {
    const { stdout } = await execute('git', [...AUTHOR, ...args], { cwd });
    return stdout.trimEnd();
  }
  await git(folder, 'init', '-q', '-b', 'main', source);
  const [first] = targets;
  if (first === undefined) throw new Error('a fleet has a target');
  await git(folder, 'init', '-q', '-b', 'main', join(folder, 'seed'));
  await writeFile(join(folder, 'seed', 'README.md'), '# Target\n');
  await git(join(folder, 'seed'), 'add', '.');
  await git(join(folder, 'seed'), 'commit', '-qm', 'Begin');
  for (const target of targets)
    await git(folder, 'clone', '-q', '--bare', join(folder, 'seed'), repository(target));
  const urls = targets.map(
    (target) => `  ${target}: { url: ${JSON.stringify(repository(target))} }\n`,
  );
  const rules = targets.map((target) => {
    const id = target.replace('/', '-');
    return `sync_rule:\n  id: ${id}\n  source: "docs/**"\n  target_repo: ${target}\n  target_path: "docs/standards/"\n  strategy: copy\n  frequency: on_release\n`;
  });
  await mkdir(join(source, 'rules'));
  await writeFile(
    join(source, 'holdfast.yaml'),
    `version: 1\nsource: { name: acme/standards }\ntargets:\n${urls.join('')}`,
  );
  await writeFile(join(source, 'rules', 'all.yaml'), rules.join('---\n'));
  const fleet: TestFleet = {
    folder,
    source,
    targets,
    git,
    repository,
    async release(tag, files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(join(source, path, '..'), { recursive: true });
        await writeFile(join(source, path), text);
      }
      await git(source, 'add', '.');
      await git(source, 'commit', '-qm', `Release ${tag}`);
      await git(source, 'tag', tag);
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  await fleet.release('v1.0.0', { 'docs/guide.md': '# Guide\n\nVersion 1.0.0\n' });
  return fleet;
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const who = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };
const environment = {
  ...process.env,
  ...who,
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** A source with a release, and a target with a first commit, as the README's snippet finds them. */
export function prepareReadme(folder) {
  const git = (...args) => execFileSync('git', args, { cwd: folder, env: environment });
  git('init', '--quiet', '--initial-branch=main', 'source');
  mkdirSync(join(folder, 'source/core'));
  writeFileSync(join(folder, 'source/core/guide.md'), '# Guide\n');
  git('-C', 'source', 'add', '.');
  git('-C', 'source', 'commit', '--quiet', '--message=first');
  git('-C', 'source', 'tag', 'v1.0.0');
  git('init', '--quiet', '--initial-branch=main', 'webapp');
  git('-C', 'webapp', 'commit', '--quiet', '--allow-empty', '--message=first');
  git('clone', '--quiet', '--bare', 'webapp', 'webapp.git');
}

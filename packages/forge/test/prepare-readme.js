import { execFileSync } from 'node:child_process';

/** The empty repository that the README's snippet opens a request in. */
export function prepareReadme(folder) {
  const args = ['init', '--quiet', '--bare', '--initial-branch=main', 'webapp.git'];
  execFileSync('git', args, { cwd: folder });
}

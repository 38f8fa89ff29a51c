import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configuration, rule } from './sandbox.ts';

const who = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };
const environment = {
  ...process.env,
  ...who,
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** The source and the target that the README's snippet opens. */
export function prepareReadme(folder) {
  const git = (...args) => execFileSync('git', args, { cwd: folder, env: environment });
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  git('init', '--quiet', '--initial-branch=main', 'source');
  write('source/docs/guide.md', '# Guide\n');
  write('source/holdfast.yaml', configuration);
  write('source/rules/api.yaml', rule('api', 'org/api'));
  git('-C', 'source', 'add', '.');
  git('-C', 'source', 'commit', '--quiet', '--message=first');
  git('-C', 'source', 'tag', 'v1.0.0');
  git('init', '--quiet', '--initial-branch=main', 'api');
  git('-C', 'api', 'commit', '--quiet', '--allow-empty', '--message=first');
  git('clone', '--quiet', '--bare', 'api', 'api.git');
}

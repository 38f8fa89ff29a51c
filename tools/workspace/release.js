// `npm run release -- version`: versions and changelogs from the changesets, and a lock file that follows.
// `npm run release -- publish [--built]`: builds, checks and publishes what the registry does not have yet.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from './run.js';

const [, , command, ...options] = process.argv;
const usage = 'npm run release -- version | publish [--built]';

/** Runs each step until one fails. */
async function steps(...list) {
  for (const [program, args, more] of list) {
    const code = await run(program, args, more);
    if (code !== 0) return code;
  }
  return 0;
}

async function pendingChangesets() {
  const files = await Array.fromAsync(glob('.changeset/*.md', { cwd: root }));
  return files.sort();
}

async function version() {
  const code = await steps(
    ['node', ['tools/workspace/check-packages.js']],
    ['changeset', ['version']],
    ['npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', '--silent']],
    [
      'prettier',
      ['--write', '--log-level', 'warn', '{packages,apps}/*/{package.json,CHANGELOG.md}'],
    ],
  );
  if (code !== 0) return code;
  if ((await readFile(join(root, 'package-lock.json'), 'utf8')).includes('"resolved": "http')) {
    console.error('package-lock.json bears addresses of a registry; .npmrc should leave them out');
    return 1;
  }
  console.log('Look at the difference, commit it, and run: npm run release -- publish');
  return 0;
}

async function publish() {
  const pending = await pendingChangesets();
  if (pending.length > 0) {
    console.error(
      `${pending.length} changesets have no version yet (${pending[0]} …); run npm run release -- version first`,
    );
    return 1;
  }
  const checked = options.includes('--built')
    ? 0
    : await steps(
        ['node', ['tools/workspace/check-packages.js']],
        ['nx', ['run-many', '-t', 'build', 'package-check']],
      );
  if (checked !== 0) return checked;
  // A registry that signs where a package came from asks for a token of the workflow that runs this.
  const provenance = process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  const env = provenance ? { NPM_CONFIG_PROVENANCE: 'true' } : {};
  return run('changeset', ['publish'], { env });
}

const commands = { version, publish };
if (!Object.hasOwn(commands, command ?? '') || options.some((option) => option !== '--built')) {
  console.error(`usage: ${usage}`);
  process.exitCode = 2;
} else {
  process.exitCode = await commands[command]();
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStandIn, type StandInKind } from './create-stand-in.js';

const kinds: readonly string[] = ['github', 'gitlab', 'forgejo'];
const token = 'try-it';

/** `npm run forge -- github [PORT]`: a stand-in with two repositories, until it is interrupted. */
async function start([kind = '', port = '0']: readonly string[]): Promise<void> {
  if (!kinds.includes(kind) || !/^\d{1,5}$/.test(port)) {
    process.stderr.write('usage: npm run forge -- github|gitlab|forgejo [PORT]\n');
    process.exitCode = 2;
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-forge-'));
  const standIn = await createStandIn(kind as StandInKind, { directory, port: Number(port) });
  standIn.world.tokens.set(token, 'holdfast');
  const owners = kind === 'forgejo' ? '.* @ada\n' : '* @ada\n';
  for (const name of ['org/webapp', 'org/api']) {
    const { git } = standIn.world.add(name, { topics: ['docs'] });
    git.commit('main', { 'README.md': `# ${name}\n`, CODEOWNERS: owners });
  }
  process.stdout.write(`A stand-in for ${kind} listens at ${standIn.origin}. Put into holdfast.yaml:

targets:
  org/webapp: { url: ${standIn.url('org/webapp')}, forge: ${kind} }
  org/api: { url: ${standIn.url('org/api')}, forge: ${kind} }

and run with:

export HOLDFAST_GIT_TOKEN_127_0_0_1=${token}
holdfast auth check

Its repositories are in ${directory}; they go when it ends (Ctrl+C).
`);
  const end = async () => {
    await standIn.close();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('SIGINT', () => void end());
  process.once('SIGTERM', () => void end());
}

void start(process.argv.slice(2));

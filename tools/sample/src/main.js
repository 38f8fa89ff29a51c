// Shows what Holdfast does, on a small sample: builds the repositories, runs the commands, prints both.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { takeTour } from './take-tour.js';

const [, , given] = process.argv;
const folder = given === undefined ? await mkdtemp(join(tmpdir(), 'holdfast-')) : resolve(given);
await mkdir(folder, { recursive: true });
if ((await readdir(folder)).length > 0) {
  console.error(`${folder} is not empty; name a folder that is, or one to be made`);
  process.exit(2);
}

try {
  await takeTour(folder, {
    color: Boolean(process.stdout.isTTY) && !process.env.NO_COLOR,
    show({ title, command, output }) {
      console.log(`${title === '' ? '' : `\n# ${title}\n`}\n$ ${command}\n${output.trimEnd()}`);
    },
  });
  console.log(ending());
} catch (error) {
  const { code, path } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code !== 'ENOENT' || path !== 'git') throw error;
  console.error('The sample needs git: install it (https://git-scm.com), then run it again.');
  process.exitCode = 3;
} finally {
  if (given === undefined) await rm(folder, { recursive: true, force: true });
}

function ending() {
  const [look, meaning] =
    given === undefined
      ? ['npm start -- FOLDER', 'builds the sample in a folder and keeps it, to look around in']
      : [`cd ${join(folder, 'handbook')}`, 'the source of the sample; the targets are beside it'];
  return `
# On your own repositories

  # ${meaning}
  ${look}

  # the command, and the Node.js that it needs
  export PATH="${join(import.meta.dirname, '../../../node_modules/.bin')}:$PATH"

  cd YOUR-SOURCE    # the repository that owns the canonical files
  holdfast init     # asks a few questions, writes holdfast.yaml and a first rule
  holdfast plan     # shows what would change, and writes nothing
  holdfast sync     # opens the change requests
`;
}

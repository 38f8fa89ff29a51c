// `npm start`: builds the command line, quietly, and runs it on the sample; `npm start -- FOLDER` keeps it there.
import { run } from './run.js';

const built = await run('nx', ['build', 'cli'], { quiet: true });
process.exitCode =
  built || (await run('node', ['tools/sample/src/main.js', ...process.argv.slice(2)]));

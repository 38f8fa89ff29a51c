// The only place that touches the process: its arguments, environment, streams, signals and exit code.
import { run } from './program.js';

const interruption = new AbortController();
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    interruption.abort();
    if (process.argv.includes('--json')) {
      const error = {
        code: 'interrupted',
        message: `interrupted by ${signal}`,
        blame: 'environment',
      };
      const document = { holdfast: 1, command: null, exitCode: 3, error };
      process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    }
    process.stderr.write('\ninterrupted: what is written is whole; the next run does the rest\n');
    process.exit(exitCode);
  });
}

// `holdfast plan | head` closes the pipe before everything is read: that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout) {
      process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
    }
    process.exit(3);
  });
}

// Node.js 22 warns that its SQLite is young; what is used of it is tested on every version from the floor on.
const warn = process.emitWarning.bind(process);
process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
  if (String(warning).includes('SQLite is an experimental feature')) return;
  (warn as (warning: string | Error, ...rest: unknown[]) => void)(warning, ...rest);
};

// See https://reproducible-builds.org/specs/source-date-epoch/: a fixed present, for output that repeats.
const epoch = process.env['SOURCE_DATE_EPOCH'];
const fixed = epoch !== undefined && /^\d{1,11}$/.test(epoch) ? Number(epoch) * 1000 : undefined;

// Where nothing is left to wait for and no answer came, Node.js would end without an error that anyone can read.
let done = false;
process.exitCode = 3;
process.once('exit', () => {
  if (done || interruption.signal.aborted) return;
  const message = 'the work ended before it was done';
  if (process.argv.includes('--json')) {
    const error = { code: 'unfinished', message, blame: 'bug' };
    const document = { holdfast: 1, command: null, exitCode: 3, error };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  process.stderr.write(`error: ${message}\nThis is a bug in Holdfast: please report it.\n`);
});

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  environment: process.env,
  clock: () => (fixed === undefined ? new Date() : new Date(fixed)),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  program: [process.execPath, ...process.argv.slice(1, 2)],
  runtime: { node: process.versions.node, platform: `${process.platform}-${process.arch}` },
  signal: interruption.signal,
});
done = true;

// The only place that touches the process: its arguments, environment, streams, signals and exit code.
import { run } from './program.js';

const interruption = new AbortController();
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    interruption.abort();
    process.stderr.write('\ninterrupted: what is written is whole; the next run does the rest\n');
    process.exit(exitCode);
  });
}

// `holdfast plan | head` closes the pipe before everything is read: that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// See https://reproducible-builds.org/specs/source-date-epoch/: a fixed present, for output that repeats.
const epoch = process.env['SOURCE_DATE_EPOCH'];
const fixed = epoch !== undefined && /^\d{1,11}$/.test(epoch) ? Number(epoch) * 1000 : undefined;

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  environment: process.env,
  clock: () => (fixed === undefined ? new Date() : new Date(fixed)),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
});

import { syncFleet } from '@holdfast/sync';
import { withFleet } from '../src/index.js';

const clock = () => new Date();
const { signal } = new AbortController();
const surroundings = { cwd: process.argv[2]!, environment: process.env, clock, signal };

withFleet(surroundings, (fleet) => syncFleet(fleet)).catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});

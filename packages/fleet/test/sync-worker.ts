import { syncFleet } from '@holdfast/sync';
import { withFleet } from '../src/index.js';

const clock = () => new Date();
const { signal } = new AbortController();
const surroundings = { cwd: process.argv[2]!, environment: process.env, clock, signal };

/** What became of each item, for whoever started this. */
async function run(): Promise<void> {
  const result = await withFleet(surroundings, (fleet) => syncFleet(fleet));
  const items = result.kind === 'synced' ? result.items : [];
  const told = items.map(({ plan, applied, error }) => {
    const failed = plan.kind === 'failed' ? plan.error : error;
    return failed ? `${failed.code}: ${failed.message}` : (applied?.kind ?? plan.kind);
  });
  process.stdout.write(JSON.stringify(told));
}

run().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});

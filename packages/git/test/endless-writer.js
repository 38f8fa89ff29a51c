// Commits and moves a branch without end, for tests that kill it at some point.
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { openRepository } from '../src/index.ts';

const [, , folder, engine] = process.argv;
const repository = await openRepository(folder, { engine, environment: process.env });
const ada = { name: 'Ada', email: 'ada@example.com', timestamp: 1_700_000_000 };
for (let index = 0; ; index++) {
  const old = (await repository.resolveCommit('main')).oid;
  const changes = Array.from({ length: 150 }, (_, file) => ({
    path: `d${file % 10}/f${file}`,
    mode: '100644',
    content: Buffer.from(`${process.pid} ${index} ${file}`),
  }));
  const { commit } = await repository.writeCommit({
    parent: old,
    changes,
    message: `${index}`,
    author: ada,
    committer: ada,
  });
  await repository.updateRefs([{ ref: 'refs/heads/main', old, new: commit }]);
}

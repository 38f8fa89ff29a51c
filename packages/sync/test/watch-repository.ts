import type { Repository } from '@holdfast/git';

/** The repository, with a call before and another after everything that writes to it. */
export function countWrites(repository: Repository, onStep: () => void): Repository {
  return intercept(repository, {
    writeCommit: async (commit) => {
      onStep();
      const written = await repository.writeCommit(commit);
      onStep();
      return written;
    },
    updateRefs: async (...args) => {
      onStep();
      const outcome = await repository.updateRefs(...args);
      onStep();
      return outcome;
    },
  });
}

/** What was read from and written to a repository. */
export interface Traffic {
  blobs: string[];
  snapshots: number;
  commits: { blobs: number; trees: number }[];
  refs: number;
}

/** The repository, and a tally of what goes over it. */
export function watchTraffic(repository: Repository): { repository: Repository; traffic: Traffic } {
  const traffic: Traffic = { blobs: [], snapshots: 0, commits: [], refs: 0 };
  const watched = intercept(repository, {
    readBlob: (oid) => {
      traffic.blobs.push(oid);
      return repository.readBlob(oid);
    },
    readBlobs: (oids) => {
      const wanted = [...oids];
      traffic.blobs.push(...wanted);
      return repository.readBlobs(wanted);
    },
    readSnapshot: (commit) => {
      traffic.snapshots++;
      return repository.readSnapshot(commit);
    },
    writeCommit: async (commit) => {
      const result = await repository.writeCommit(commit);
      traffic.commits.push(result.written);
      return result;
    },
    updateRefs: (...args) => {
      traffic.refs++;
      return repository.updateRefs(...args);
    },
  });
  return { repository: watched, traffic };
}

function intercept(repository: Repository, calls: Partial<Repository>): Repository {
  return new Proxy(repository, {
    get: (target, name: keyof Repository) => calls[name] ?? target[name],
  });
}

import { z } from 'zod';

import { ForgeError } from '../port/forge-error.js';
import type { ForgeRelease, Issue, IssueOutcome, IssueTracker, NewIssue } from '../port/issue.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import { parseArgument, parseBodyArgument } from './parse-argument.js';
import { parseIssueRecord } from './parse-record.js';
import type { ForgeRepository, TreeChange } from './repository-port.js';
import { requestLimit } from './request-limits.js';
import {
  recordVersion,
  serializeRecord,
  titleSchema,
  wordSchema,
  wordsSchema,
  type IssueRecord,
} from './request-record.js';
import { readFiles, requestsRef, unwrap, type RequestTree } from './request-tree.js';
import { readRequestsAndBranches, transact } from './transact.js';

const newIssueSchema = z.object({
  key: wordSchema,
  title: titleSchema,
  body: z.string().transform(parseBodyArgument),
  labels: wordsSchema.default([]),
});

/** The issues of a repository, kept beside its requests as `issues/N.json`. */
export function createIssueTracker(context: EmbeddedForgeOptions): IssueTracker {
  const { repository } = context;
  return {
    async listOpen(keyPrefix = '') {
      const { tree } = await readRequestsAndBranches(repository);
      const open = (await readIssues(repository, tree)).filter(({ state }) => state === 'open');
      return open.filter(({ key }) => key.startsWith(keyPrefix)).map(toIssue);
    },
    report: (issue) => reportIssue(context, issue),
    resolve: (key, comment) => resolveIssue(context, key, comment),
  };
}

async function reportIssue(context: EmbeddedForgeOptions, input: NewIssue): Promise<IssueOutcome> {
  const wanted = parseArgument('issue', input, newIssueSchema);
  return transact<IssueOutcome>(context, async ({ tree }, { now }) => {
    const issues = await readIssues(context.repository, tree);
    const open = issues.find(({ state, key }) => state === 'open' && key === wanted.key);
    if (open !== undefined) {
      const record = { ...open, ...wanted };
      if (Buffer.from(serializeRecord(record)).equals(serializeRecord(open))) {
        return { kind: 'settled', result: { kind: 'unchanged', issue: toIssue(open) } };
      }
      const edited = { ...record, updatedAt: now };
      return {
        kind: 'write',
        message: `Edit issue ${open.number}: ${wanted.title}`,
        changes: [issueChange(edited)],
        result: { kind: 'edited', issue: toIssue(edited) },
      };
    }
    const record: IssueRecord = {
      version: recordVersion,
      number: nextNumber(context.repository, issues),
      state: 'open',
      ...wanted,
      author: context.actor.name,
      createdAt: now,
      updatedAt: now,
    };
    return {
      kind: 'write',
      message: `Open issue ${record.number}: ${record.title}`,
      changes: [issueChange(record)],
      result: { kind: 'opened', issue: toIssue(record) },
    };
  });
}

async function resolveIssue(
  context: EmbeddedForgeOptions,
  key: string,
  comment: string | undefined,
): Promise<boolean> {
  return transact<boolean>(context, async ({ tree }, { now }) => {
    const issues = await readIssues(context.repository, tree);
    const open = issues.find((issue) => issue.state === 'open' && issue.key === key);
    if (open === undefined) return { kind: 'settled', result: false };
    const record: IssueRecord = {
      ...open,
      state: 'closed',
      ...(comment === undefined ? {} : { closedWith: parseBodyArgument(comment) }),
      updatedAt: now,
    };
    return {
      kind: 'write',
      message: `Close issue ${record.number}: ${record.title}`,
      changes: [issueChange(record)],
      result: true,
    };
  });
}

async function readIssues(repository: ForgeRepository, tree: RequestTree): Promise<IssueRecord[]> {
  const paths = [...tree.files.keys()].filter((path) => /^issues\/[1-9]\d{0,4}\.json$/.test(path));
  const files = await readFiles(repository, tree, paths, parseIssueRecord);
  return files.map(unwrap).sort((a, b) => a.number - b.number);
}

function nextNumber({ location }: ForgeRepository, issues: readonly IssueRecord[]): number {
  const number = (issues.at(-1)?.number ?? 0) + 1;
  if (number <= requestLimit) return number;
  throw new ForgeError(
    'too-large',
    `${location}: ${requestsRef} holds issue ${requestLimit}, the highest number there is`,
    { data: { ref: requestsRef, limit: requestLimit } },
  );
}

function issueChange(record: IssueRecord): TreeChange {
  return {
    path: `issues/${record.number}.json`,
    mode: '100644',
    content: serializeRecord(record),
  };
}

function toIssue({
  version: _version,
  author: _author,
  closedWith: _closedWith,
  ...record
}: IssueRecord): Issue {
  return { id: String(record.number), ...record };
}

const newestFirst = new Intl.Collator('en', { numeric: true }).compare;

/** The tags of a repository, which are all that it knows of releases; highest first. */
export async function listReleases({ repository }: EmbeddedForgeOptions): Promise<ForgeRelease[]> {
  const prefix = 'refs/tags/';
  const tags = (await repository.listRefs(prefix)).map(({ name }) => name.slice(prefix.length));
  return tags
    .sort((a, b) => newestFirst(b, a))
    .map((tag) => ({ tag, name: tag, notes: '', prerelease: tag.includes('-') }));
}

import { isUncertain } from '../client/failure.js';
import type { Issue, IssueOutcome, IssueTracker, NewIssue } from '../port/issue.js';
import { fitBody } from '../text/fit-body.js';
import type { RemoteForgeOptions } from './remote-forge-options.js';
import { readKey, withKey } from './markers.js';
import type { RemoteApi, RemoteIssue } from './remote-api.js';

/** The label by which the issues that bear keys are found. */
const label = 'holdfast';
const markRoom = 1000;

/** The issues of a repository that were opened with keys; the key lies in the body, unseen. */
export function createIssueTracker({ api, sleep }: RemoteForgeOptions): IssueTracker {
  return {
    async listOpen(keyPrefix = '') {
      return (await listKeyed(api)).filter(({ key }) => key?.startsWith(keyPrefix));
    },
    async report(wanted) {
      const body = withKey(
        fitBody(wanted.body.toWellFormed(), api.limits.body - markRoom),
        wanted.key,
      );
      const issue = { title: wanted.title, body, labels: labelsOf(wanted) };
      const open = await findKeyed(api, wanted.key);
      if (open !== undefined) return editIssue(api, open, issue);
      try {
        return { kind: 'opened', issue: toIssue(await api.createIssue(issue)) };
      } catch (error) {
        if (!isUncertain(error)) throw error;
        await sleep(1000);
        const lost = await findKeyed(api, wanted.key);
        return { kind: 'opened', issue: lost ?? toIssue(await api.createIssue(issue)) };
      }
    },
    async resolve(key, comment) {
      const open = await findKeyed(api, key);
      if (open === undefined) return false;
      if (comment !== undefined) await api.commentIssue(open.id, comment);
      await api.editIssue(open.id, { state: 'closed' });
      return true;
    },
  };
}

async function editIssue(
  api: RemoteApi,
  open: Issue,
  wanted: { title: string; body: string; labels: readonly string[] },
): Promise<IssueOutcome> {
  const labels = [...new Set([...open.labels, ...wanted.labels])].sort();
  const same =
    open.title === wanted.title &&
    open.body.trimEnd() === readKey(wanted.body).text.trimEnd() &&
    labels.length === open.labels.length;
  if (same) return { kind: 'unchanged', issue: open };
  return { kind: 'edited', issue: toIssue(await api.editIssue(open.id, { ...wanted, labels })) };
}

function labelsOf({ labels = [] }: NewIssue): string[] {
  return [...new Set([...labels, label])].sort();
}

async function listKeyed(api: RemoteApi): Promise<Issue[]> {
  const issues = (await api.listIssues(label)).map(toIssue);
  return issues.filter(({ key }) => key !== undefined).sort((a, b) => a.number - b.number);
}

async function findKeyed(api: RemoteApi, key: string): Promise<Issue | undefined> {
  return (await listKeyed(api)).find((issue) => issue.key === key);
}

function toIssue({ body, ...issue }: RemoteIssue): Issue {
  const { text, key } = readKey(body.replaceAll('\r\n', '\n'));
  return { ...issue, body: text, ...(key === undefined ? {} : { key }) };
}

import { ForgeError } from '../port/forge-error.js';
import {
  damaged,
  parseBody,
  parseCommentRecord,
  parseRequestRecord,
  type FilePlace,
} from './parse-record.js';
import type { TreeEntry } from '../port/tree-difference.js';
import type { ForgeRepository } from './repository-port.js';
import type { CommentRecord, RequestRecord } from './request-record.js';

/** The one ref that holds every change request of a repository. */
export const requestsRef = 'refs/holdfast/requests';

/** The requests ref as it was at one moment; contents are read on demand. */
export interface RequestTree {
  /** What the ref held; null when it did not exist. */
  readonly tip: string | null;
  /** The numbers of the requests, ascending; of the damaged ones too. */
  readonly numbers: readonly number[];
  /** Every file under the ref, by path. */
  readonly files: ReadonlyMap<string, TreeEntry>;
}

/** What a file of a request holds, or why it cannot be read. */
export type ReadFile<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'damaged'; readonly error: ForgeError };

/** A comment with its place in the conversation. */
export interface NumberedComment {
  readonly number: number;
  readonly record: CommentRecord;
}

/** The path of a request's record. */
export function recordPath(number: number): string {
  return `${number}/request.json`;
}

/** The path of a request's body. */
export function bodyPath(number: number): string {
  return `${number}/body.md`;
}

/** The path of a comment. */
export function commentPath(number: number, comment: number): string {
  return `${number}/comments/${String(comment).padStart(4, '0')}.json`;
}

/** Reads which requests there are, and no content. */
export async function readRequestTree(repository: ForgeRepository): Promise<RequestTree> {
  const tip = (await repository.resolveCommit(requestsRef))?.oid ?? (await findRef(repository));
  if (tip === undefined) return { tip: null, numbers: [], files: new Map() };
  const files = await readEntries(repository, tip);
  const numbers = new Set<number>();
  for (const path of files.keys()) {
    const number = /^([1-9]\d{0,4})\//.exec(path)?.[1];
    if (number !== undefined) numbers.add(Number(number));
  }
  return { tip, numbers: [...numbers].sort((a, b) => a - b), files };
}

/** What the ref holds although it is no commit, so that the error can name it. */
async function findRef(repository: ForgeRepository): Promise<string | undefined> {
  const refs = await repository.listRefs(requestsRef);
  return refs.find(({ name }) => name === requestsRef)?.oid;
}

/** Reads the records of requests, in the order of `numbers`. */
export function readRecords(
  repository: ForgeRepository,
  tree: RequestTree,
  numbers: readonly number[],
): Promise<ReadFile<RequestRecord>[]> {
  return readFiles(repository, tree, numbers.map(recordPath), (content, place) => {
    const record = parseRequestRecord(content, place);
    if (recordPath(record.number) === place.path) return record;
    throw damaged(place, 'the number of its folder', String(record.number));
  });
}

/** Reads the bodies of requests, in the order of `numbers`. */
export function readBodies(
  repository: ForgeRepository,
  tree: RequestTree,
  numbers: readonly number[],
): Promise<ReadFile<string>[]> {
  return readFiles(repository, tree, numbers.map(bodyPath), parseBody);
}

/** Reads a request's comments, oldest first. Throws the error of the first damaged one. */
export async function readComments(
  repository: ForgeRepository,
  tree: RequestTree,
  number: number,
): Promise<NumberedComment[]> {
  const numbers = commentNumbers(tree, number);
  const paths = numbers.map((comment) => commentPath(number, comment));
  const records = await readFiles(repository, tree, paths, parseCommentRecord);
  return records.map((record, index) => ({ number: numbers[index]!, record: unwrap(record) }));
}

/** The numbers of a request's comments, ascending. */
export function commentNumbers(tree: RequestTree, number: number): number[] {
  const prefix = `${number}/comments/`;
  const numbers: number[] = [];
  for (const path of tree.files.keys()) {
    if (!path.startsWith(prefix)) continue;
    const comment = /^(\d{4})\.json$/.exec(path.slice(prefix.length))?.[1];
    if (comment !== undefined) numbers.push(Number(comment));
  }
  return numbers.sort((a, b) => a - b);
}

/** The value of a file; throws its error when it is damaged. */
export function unwrap<T>(file: ReadFile<T>): T {
  if (file.kind === 'damaged') throw file.error;
  return file.value;
}

async function readEntries(
  repository: ForgeRepository,
  tip: string,
): Promise<ReadonlyMap<string, TreeEntry>> {
  const place = { location: repository.location, ref: requestsRef, path: '' };
  try {
    if ((await repository.resolveCommit(tip)) === undefined) {
      throw damaged(place, 'a commit', `${tip}, which is none`);
    }
    return (await repository.readSnapshot(tip)).entries;
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw damaged(place, 'a commit with its trees', describe(error), error);
  }
}

/** Reads files under the ref, in the order of `paths`. */
export async function readFiles<T>(
  repository: ForgeRepository,
  tree: RequestTree,
  paths: readonly string[],
  parse: (content: Uint8Array, place: FilePlace) => T,
): Promise<ReadFile<T>[]> {
  const entries = paths.map((path) => tree.files.get(path));
  const readable = entries.filter((entry) => entry !== undefined).filter(isRegular);
  const contents = await readContents(repository, readable);
  return paths.map((path, index) => {
    const place = { location: repository.location, ref: requestsRef, path };
    return attempt(() => {
      const entry = entries[index];
      if (entry === undefined) throw damaged(place, 'a file', 'nothing');
      if (!isRegular(entry)) throw damaged(place, 'a file', `an entry of mode ${entry.mode}`);
      const content = contents.get(entry.oid);
      if (content instanceof Uint8Array) return parse(content, place);
      throw damaged(place, 'a readable object', describe(content), content);
    });
  });
}

function attempt<T>(read: () => T): ReadFile<T> {
  try {
    return { kind: 'read', value: read() };
  } catch (error) {
    if (error instanceof ForgeError) return { kind: 'damaged', error };
    throw error;
  }
}

/** Reads all in one go; if that fails, one by one, so that one bad object does not hide the rest. */
async function readContents(
  repository: ForgeRepository,
  entries: readonly TreeEntry[],
): Promise<Map<string, Uint8Array | Error>> {
  const oids = [...new Set(entries.map(({ oid }) => oid))];
  const contents = new Map<string, Uint8Array | Error>();
  try {
    for await (const { oid, content } of repository.readBlobs(oids)) contents.set(oid, content);
  } catch (error) {
    if (!isDamage(error)) throw error;
    for (const oid of oids) contents.set(oid, await readContent(repository, oid));
  }
  return contents;
}

async function readContent(repository: ForgeRepository, oid: string): Promise<Uint8Array | Error> {
  try {
    for await (const { content } of repository.readBlobs([oid])) return content;
    return new Error(`object ${oid} was not delivered`);
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}

function isRegular({ mode }: TreeEntry): boolean {
  return mode === '100644' || mode === '100755';
}

const damageCodes = new Set(['corrupt', 'missing-object', 'too-large']);

/** Whether a repository's error is about one object, not about the repository or its surroundings. */
function isDamage(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && damageCodes.has(String(error.code));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'nothing';
}

import type { Engine, ManyReader } from './engine.js';
import { GitError } from './git-error.js';
import { beyondLimit, type Limits } from './limits.js';
import { isObjectId } from './object-id.js';

/** One file's content. */
export interface Blob {
  readonly oid: string;
  readonly content: Uint8Array;
}

/** Reads of sizes that are under way at once. */
const BATCH = 256;

/** Bytes of content that are read before they are asked for. */
const AHEAD_BYTES = 32 * 1024 * 1024;

/** Says which path an object has, for messages; undefined where it is not known. */
export type PathFinder = (oid: string) => string | undefined;

/** A blob's bytes, within the limit. */
export async function readBlob(
  engine: Pick<Engine, 'readObject'>,
  oid: string,
  { blobBytes }: Limits,
  findPath: PathFinder,
): Promise<Uint8Array> {
  try {
    const object = await engine.readObject(checkId(oid), blobBytes);
    if (object === undefined) throw missing(oid, findPath(oid));
    if (object.type !== 'blob') throw noBlob(oid, object.type);
    return toBytes(object.content);
  } catch (error) {
    throw withPath(error, oid, findPath(oid));
  }
}

/** Many blobs, in the order asked for; never more of them at once than memory is set aside for. */
export async function* readBlobs(
  engine: Engine,
  oids: Iterable<string>,
  limits: Limits,
  findPath: PathFinder,
): AsyncGenerator<Blob, void, undefined> {
  const wanted = Array.from(oids, checkId);
  const many = engine.readMany?.(wanted);
  if (many === undefined) {
    for (const oid of wanted) yield { oid, content: await readBlob(engine, oid, limits, findPath) };
    return;
  }
  let next = measureBatch(many, wanted, 0);
  for (let at = 0; at < wanted.length; at += BATCH) {
    const sizes = await next;
    next = measureBatch(many, wanted, at + BATCH);
    next.catch(() => undefined); // reported when its turn comes
    yield* readBatch(many, wanted.slice(at, at + BATCH), sizes, limits, findPath);
  }
}

type Measured = Awaited<ReturnType<ManyReader['inspect']>>;

function measureBatch(many: ManyReader, oids: readonly string[], from: number) {
  return Promise.all(oids.slice(from, from + BATCH).map((oid) => many.inspect(oid)));
}

async function* readBatch(
  many: ManyReader,
  oids: readonly string[],
  sizes: readonly Measured[],
  limits: Limits,
  findPath: PathFinder,
): AsyncGenerator<Blob, void, undefined> {
  const ahead: { oid: string; size: number; content: Promise<Uint8Array> }[] = [];
  let bytes = 0;
  for (const [index, oid] of oids.entries()) {
    const size = sizes[index]?.size ?? 0;
    while (ahead.length > 0 && bytes + size > AHEAD_BYTES) {
      const first = ahead.shift();
      if (first === undefined) break;
      yield { oid: first.oid, content: await first.content };
      bytes -= first.size;
    }
    const content = readMeasured(many, oid, sizes[index], limits, findPath);
    content.catch(() => undefined); // reported when its turn comes
    ahead.push({ oid, size, content });
    bytes += size;
  }
  for (const { oid, content } of ahead) yield { oid, content: await content };
}

async function readMeasured(
  many: ManyReader,
  oid: string,
  info: Measured,
  { blobBytes }: Limits,
  findPath: PathFinder,
): Promise<Uint8Array> {
  if (info === undefined) throw missing(oid, findPath(oid));
  if (info.type !== 'blob') throw noBlob(oid, info.type);
  if (info.size > blobBytes) {
    const error = beyondLimit('blobBytes', `blob ${oid} has ${info.size} bytes`, blobBytes, {
      oid,
      size: info.size,
    });
    throw withPath(error, oid, findPath(oid));
  }
  const object = await many.read(oid, blobBytes);
  if (object === undefined) throw missing(oid, findPath(oid));
  return toBytes(object.content);
}

function toBytes({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** A person looks for a file, not for an id. */
function withPath(error: unknown, oid: string, path: string | undefined): unknown {
  if (!(error instanceof GitError) || path === undefined) return error;
  if (error.code !== 'too-large' && error.code !== 'corrupt') return error;
  return new GitError(error.code, `${path}: ${error.message}`, {
    data: { ...error.data, path, oid },
    cause: error.cause,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

function missing(oid: string, path: string | undefined): GitError {
  const of = path === undefined ? '' : `${path}: `;
  return new GitError('missing-object', `${of}the repository has no object ${oid}`, {
    data: { oid, ...(path === undefined ? {} : { path }) },
    hint: 'run "git fsck" in the repository; if it is a partial clone, have git fetch the rest first',
  });
}

function noBlob(oid: string, type: string): GitError {
  return new GitError('missing-object', `object ${oid} is a ${type}, not a blob`, {
    data: { oid, type },
  });
}

function checkId(oid: string): string {
  if (isObjectId(oid)) return oid;
  throw new GitError(
    'invalid-argument',
    `an object id has 40 hex digits; got ${JSON.stringify(oid)}`,
  );
}

import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { decodeText } from '@holdfast/text';
import {
  DriftEntry,
  readArtifact,
  type Artifact,
  type ArtifactKind,
} from '../artifacts/artifact-schemas.js';
import { CatalogError } from './catalog-error.js';
import { readJsonFile } from './read-json-file.js';
import { sortKeys } from './sort-keys.js';
import { withLock, type LockOptions } from './with-lock.js';
import { writeFileAtomically } from './write-file.js';

/** How much is kept beside the present artifacts. */
export interface Retention {
  /** Timestamped live catalogs beside the present one, and as many older ones in `archive/`; 0 keeps none. Default 5. */
  readonly liveHistory?: number;
  /** Timestamped live descriptors; 0 keeps none. Default 3. */
  readonly descriptorHistory?: number;
  /** Whether each intended catalog is kept with its time. Default false. */
  readonly intendedHistory?: boolean;
  /** Entries of the drift log. Default 200. */
  readonly driftEntries?: number;
  /** Whether statuses that are pruned are kept in `schema-status/`. Default false. */
  readonly archiveStatus?: boolean;
}

export interface StateStoreOptions {
  /** The folder of the artifacts; it is made when something is written. */
  readonly directory: string;
  /** The time, for the names of timestamped copies. */
  readonly now: () => Date;
  readonly retention?: Retention;
  readonly lock?: LockOptions;
}

/** A kept artifact. */
export interface KeptArtifact<Kind extends ArtifactKind> {
  /** The file. */
  readonly path: string;
  readonly artifact: Artifact<Kind>;
}

const fileNames: Readonly<Record<ArtifactKind, string>> = {
  'live-descriptors': 'live_descriptors',
  'intended-catalog': 'intended_catalog',
  'live-catalog': 'live_catalog',
  'tool-schema-status': 'tool_schema_status',
  'discovered-servers': 'discovered_servers',
  'verify-runs': 'verify_runs',
};

const driftLog = 'live_catalog_drift.log';

/**
 * The files of a catalog's state: each has one shape, is written whole or not at all, by one writer at a time, and never
 * over what a newer version wrote. Reading needs no lock.
 */
export class StateStore {
  readonly directory: string;
  private readonly now: () => Date;
  private readonly retention: Required<Retention>;
  private readonly lock: LockOptions;

  constructor({ directory, now, retention = {}, lock = {} }: StateStoreOptions) {
    this.directory = directory;
    this.now = now;
    this.lock = lock;
    this.retention = {
      liveHistory: 5,
      descriptorHistory: 3,
      intendedHistory: false,
      driftEntries: 200,
      archiveStatus: false,
      ...retention,
    };
  }

  /** The file of the present artifact of a kind. */
  pathOf(kind: ArtifactKind): string {
    return join(this.directory, `${fileNames[kind]}.json`);
  }

  /**
   * The present artifact; undefined when there is none.
   *
   * @throws {CatalogError} `damaged`, `newer-version`, `too-large`.
   */
  async read<Kind extends ArtifactKind>(kind: Kind): Promise<Artifact<Kind> | undefined> {
    return readArtifactFile(kind, this.pathOf(kind));
  }

  /** The artifact before the present one, of those that have one kept as `.prev.json`. */
  async readPrevious<Kind extends 'intended-catalog' | 'live-catalog'>(
    kind: Kind,
  ): Promise<Artifact<Kind> | undefined> {
    return readArtifactFile(kind, join(this.directory, `${fileNames[kind]}.prev.json`));
  }

  /**
   * The timestamped artifacts of a kind with the archived ones, the oldest first. One that cannot be read is left out.
   */
  async readHistory<Kind extends ArtifactKind>(kind: Kind): Promise<KeptArtifact<Kind>[]> {
    const paths = [
      ...(await this.timestamped(kind, join(this.directory, 'archive'))),
      ...(await this.timestamped(kind, this.directory)),
    ];
    const kept: KeptArtifact<Kind>[] = [];
    for (const path of paths) {
      const artifact = await readArtifactFile(kind, path).catch((error: unknown) => {
        if (error instanceof CatalogError) return undefined;
        throw error;
      });
      if (artifact !== undefined) kept.push({ path, artifact });
    }
    return kept;
  }

  /**
   * Every artifact of a kind that is there, the oldest first: the timestamped ones, and the one before and the present
   * one where no timestamped copy is the same.
   */
  async readRetained<Kind extends ArtifactKind>(kind: Kind): Promise<KeptArtifact<Kind>[]> {
    const kept = await this.readHistory(kind);
    const known = new Set(kept.map(({ artifact }) => serialize(artifact)));
    for (const path of [join(this.directory, `${fileNames[kind]}.prev.json`), this.pathOf(kind)]) {
      const artifact = await readArtifactFile(kind, path);
      if (artifact === undefined || known.has(serialize(artifact))) continue;
      known.add(serialize(artifact));
      kept.push({ path, artifact });
    }
    return kept;
  }

  /** Writes the present artifact of a kind, keeps the one before and a timestamped copy as retention says. */
  async write<Kind extends ArtifactKind>(kind: Kind, artifact: Artifact<Kind>): Promise<string> {
    return this.locked(() => this.replace(kind, artifact));
  }

  /**
   * Reads, changes and writes an artifact with nobody writing in between.
   *
   * @param change gets the present artifact, and returns the new one; the same one back writes nothing.
   */
  async update<Kind extends ArtifactKind>(
    kind: Kind,
    change: (present: Artifact<Kind> | undefined) => Artifact<Kind>,
  ): Promise<Artifact<Kind>> {
    return this.locked(async () => {
      const present = await this.read(kind);
      const next = change(present);
      if (next !== present) await this.replace(kind, next);
      return next;
    });
  }

  /** Deletes the present artifact, so that it starts anew; whether there was one. */
  async remove(kind: ArtifactKind): Promise<boolean> {
    return this.locked(async () => {
      const isThere = (await readdir(this.directory)).includes(basename(this.pathOf(kind)));
      await rm(this.pathOf(kind), { force: true });
      return isThere;
    });
  }

  /** Keeps a copy of a status before entries are pruned from it, where retention says so. */
  async archiveStatus(status: Artifact<'tool-schema-status'>): Promise<string | undefined> {
    if (!this.retention.archiveStatus) return undefined;
    return this.locked(() =>
      this.writeTimestamped('tool-schema-status', join(this.directory, 'schema-status'), status),
    );
  }

  /** Appends to the drift log, and trims it. */
  async appendDrift(entry: DriftEntry): Promise<string> {
    return this.locked(async () => {
      const entries = last([...(await this.readDrift()), entry], this.retention.driftEntries);
      const path = join(this.directory, driftLog);
      await writeFileAtomically(path, entries.map((one) => `${JSON.stringify(one)}\n`).join(''));
      return path;
    });
  }

  /** The entries of the drift log, the oldest first; lines that cannot be read are left out. */
  async readDrift(): Promise<DriftEntry[]> {
    const path = join(this.directory, driftLog);
    const bytes = await readFile(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array();
      throw new CatalogError('damaged', path, 'cannot be read', { cause: error });
    });
    return (decodeText(bytes) ?? '').split('\n').flatMap((line) => {
      const parsed = DriftEntry.safeParse(parseLine(line));
      return parsed.success ? [parsed.data] : [];
    });
  }

  /** Brings what is kept down to what retention says; the files that went. */
  async prune(): Promise<string[]> {
    return this.locked(async () => [
      ...(await this.rotate('live-catalog')),
      ...(await this.rotate('live-descriptors')),
      ...(await this.trimDrift()),
    ]);
  }

  private async locked<T>(write: () => Promise<T>): Promise<T> {
    return withLock(this.directory, write, this.lock);
  }

  private async replace<Kind extends ArtifactKind>(
    kind: Kind,
    artifact: Artifact<Kind>,
  ): Promise<string> {
    const path = this.pathOf(kind);
    const reading = readArtifact(kind, artifact);
    if (reading.kind !== 'read')
      throw new TypeError(
        `not a ${kind}: ${reading.kind === 'invalid' ? reading.problems[0] : 'newer'}`,
      );
    const isDamaged = await this.read(kind).then(
      (present) => present === undefined,
      (error: unknown) => {
        if (error instanceof CatalogError && error.code === 'damaged') return true;
        throw error;
      },
    );
    const keepsPrevious = kind === 'intended-catalog' || kind === 'live-catalog';
    if (keepsPrevious && !isDamaged)
      await copyAtomically(path, join(this.directory, `${fileNames[kind]}.prev.json`));
    await writeFileAtomically(path, serialize(artifact));
    if (this.isTimestamped(kind)) await this.writeTimestamped(kind, this.directory, artifact);
    await this.rotate(kind);
    return path;
  }

  private isTimestamped(kind: ArtifactKind): boolean {
    const { liveHistory, descriptorHistory, intendedHistory } = this.retention;
    if (kind === 'live-catalog') return liveHistory > 0;
    if (kind === 'live-descriptors') return descriptorHistory > 0;
    return kind === 'intended-catalog' && intendedHistory;
  }

  /** Writes a copy that bears the time; two in one second differ by a number. */
  private async writeTimestamped<Kind extends ArtifactKind>(
    kind: Kind,
    directory: string,
    artifact: Artifact<Kind>,
  ): Promise<string> {
    const stamp = stampOf(this.now());
    const taken = new Set((await this.timestamped(kind, directory)).map((path) => basename(path)));
    let name = `${fileNames[kind]}.${stamp}.json`;
    for (let count = 2; taken.has(name); count++)
      name = `${fileNames[kind]}.${stamp}-${count}.json`;
    const path = join(directory, name);
    await writeFileAtomically(path, serialize(artifact));
    return path;
  }

  /** The timestamped files of a kind in a folder, the oldest first. */
  private async timestamped(kind: ArtifactKind, directory: string): Promise<string[]> {
    const entries = await readdir(directory).catch(() => []);
    const pattern = new RegExp(`^${fileNames[kind]}\\.(\\d{8}-\\d{6})(?:-(\\d+))?\\.json$`);
    return entries
      .flatMap((name) => {
        const match = pattern.exec(name);
        return match === null ? [] : [{ name, stamp: match[1]!, count: Number(match[2] ?? 1) }];
      })
      .sort((left, right) =>
        left.stamp === right.stamp ? left.count - right.count : left.stamp < right.stamp ? -1 : 1,
      )
      .map(({ name }) => join(directory, name));
  }

  /** Takes away what is beyond retention: live catalogs go to the archive, then away. */
  private async rotate(kind: ArtifactKind): Promise<string[]> {
    const gone: string[] = [];
    if (kind === 'live-descriptors')
      for (const one of await this.limit(kind, this.directory, this.retention.descriptorHistory))
        gone.push(one);
    if (kind === 'live-catalog') {
      const archive = join(this.directory, 'archive');
      const { liveHistory } = this.retention;
      const beyond = excess(await this.timestamped(kind, this.directory), liveHistory);
      if (beyond.length > 0 && liveHistory > 0) await mkdir(archive, { recursive: true });
      for (const path of beyond) {
        if (liveHistory > 0) await rename(path, join(archive, basename(path)));
        else {
          await rm(path, { force: true });
          gone.push(path);
        }
      }
      for (const one of await this.limit(kind, archive, liveHistory)) gone.push(one);
    }
    return gone;
  }

  private async limit(kind: ArtifactKind, directory: string, count: number): Promise<string[]> {
    const beyond = excess(await this.timestamped(kind, directory), count);
    for (const path of beyond) await rm(path, { force: true });
    return beyond;
  }

  private async trimDrift(): Promise<string[]> {
    const entries = await this.readDrift();
    if (entries.length <= this.retention.driftEntries) return [];
    const path = join(this.directory, driftLog);
    const kept = last(entries, this.retention.driftEntries);
    await writeFileAtomically(path, kept.map((one) => `${JSON.stringify(one)}\n`).join(''));
    return [];
  }
}

/** The last `count`. */
function last<T>(all: readonly T[], count: number): T[] {
  return all.slice(Math.max(0, all.length - count));
}

/** The first ones, but for the last `count`. */
function excess(paths: readonly string[], count: number): string[] {
  return paths.slice(0, Math.max(0, paths.length - count));
}

/**
 * Reads a file as an artifact of one kind; undefined when there is none.
 *
 * @throws {CatalogError} `damaged`, `newer-version`, `too-large`.
 */
export async function readArtifactFile<Kind extends ArtifactKind>(
  kind: Kind,
  path: string,
): Promise<Artifact<Kind> | undefined> {
  const file = await readJsonFile(path);
  if (file === undefined) return undefined;
  const reading = readArtifact(kind, file.value);
  switch (reading.kind) {
    case 'read':
      return reading.artifact;
    case 'newer':
      throw new CatalogError(
        'newer-version',
        path,
        `written by a newer version (${reading.version})`,
        {
          hint: 'use that version; nothing was changed',
        },
      );
    case 'invalid':
      throw new CatalogError('damaged', path, `not a ${kind}: ${reading.problems.join('; ')}`, {
        hint: 'restore the file, or delete it to start anew',
      });
  }
}

/** The bytes of an artifact: keys in order, so that equal artifacts are equal files. */
export function serialize(artifact: unknown): string {
  return `${JSON.stringify(sortKeys(artifact), null, 2)}\n`;
}

async function copyAtomically(from: string, to: string): Promise<void> {
  const temporary = join(dirname(to), `${basename(to)}.tmp`);
  await copyFile(from, temporary);
  await rename(temporary, to);
}

function stampOf(date: Date): string {
  const [day, time] = date.toISOString().split('T') as [string, string];
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

import type { Catalogue } from '@holdfast/manifest';
import type { Entry, SourceRepository, TreeChange } from '../ports.js';

/** The files of a catalogue where they lie; paths are relative to its root. */
export interface CatalogueFolder {
  /** The manifest's text; undefined before the first pull. */
  readManifest(): Promise<string | undefined>;
  /**
   * What lies at these paths: the blob id that git would give the content, and the mode. A path that
   * leads through a symbolic link, or to what is no file, has an entry of mode `120000` or `160000`.
   */
  look(paths: Iterable<string>): Promise<ReadonlyMap<string, Entry>>;
  read(path: string): Promise<Uint8Array>;
  /** All files below the root, but for the manifest. */
  list(): Promise<readonly string[]>;
  /** Writes all of it or, after a crash, at the next call: never a part that stays. */
  write(changes: readonly TreeChange[], manifest: string): Promise<void>;
}

/** A catalogue of the configuration with what it is pulled from and into. */
export interface OpenCatalogue {
  readonly name: string;
  readonly settings: Catalogue;
  /** The prefix of branches, labels and titles. */
  readonly namespace: string;
  readonly source: SourceRepository;
  /** What the manifest calls the source. */
  readonly sourceName: string;
  readonly sourceUrl?: string;
  readonly folder: CatalogueFolder;
}

import type { SourceFile } from './read/source-file.js';

/**
 * What the audit knows of a dbt project: files that were read, and names of the others. Paths are relative to the
 * project's folder, with `/`; a workflow above it begins with `../`.
 */
export interface Project {
  /** What `dbt_project.yml` says, or undefined where it cannot be read. */
  readonly name: string;
  /** The folder of the project inside its repository, `''` for the root; `''` also without a repository. */
  readonly repositoryPath: string;
  readonly definition: SourceFile;
  /** Where dbt looks for models: `model-paths`, default `models`. The first takes new files. */
  readonly modelPaths: readonly string[];
  /** The files that were read, by path. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The names of models, by the path of their `.sql` or `.py` file. */
  readonly models: ReadonlyMap<string, string>;
  /** The folders under the model paths, themselves included. */
  readonly folders: ReadonlySet<string>;
  /** The workflows of the repository, by path. */
  readonly workflows: ReadonlyMap<string, SourceFile>;
  /** `target/manifest.json`, where there is one. */
  readonly manifest?: ManifestFile;
}

/** What a dbt manifest says of models, and no more. */
export interface ManifestFile {
  readonly path: string;
  /** By the name of the model, or its alias. */
  readonly models: ReadonlyMap<string, readonly ModelColumn[]>;
}

/** A column of a dbt model, as its YAML or the manifest declares it. */
export interface ModelColumn {
  readonly name: string;
  readonly dataType?: string;
  readonly description?: string;
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  readonly isPrimaryKey: boolean;
}

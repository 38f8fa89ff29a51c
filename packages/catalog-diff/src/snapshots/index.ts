export { CatalogError, type CatalogBlame, type CatalogErrorCode } from './catalog-error.js';
export {
  DiscoveredServer,
  readArtifact,
  SettledTool,
  ToolStatus,
  type Artifact,
  type ArtifactKind,
  type ArtifactReading,
  type DescribedServer,
  type DiscoveredServers,
  type DriftEntry,
  type IntendedCatalog,
  type IntendedTool,
  type LiveCatalog,
  type LiveDescriptors,
  type SchemaHashes,
  type SchemaStatus,
  type VerifyRuns,
} from '../artifacts/artifact-schemas.js';
export { hashSchema, hashSchemas, hashTools } from '../artifacts/hash-schema.js';
export { loadSources, type LoadedSources, type SourceFolders } from './load-sources.js';
export { readJsonFile, type JsonFile } from './read-json-file.js';
export {
  readArtifactFile,
  serialize,
  StateStore,
  type KeptArtifact,
  type Retention,
  type StateStoreOptions,
} from './state-store.js';
export type { LockOptions } from './with-lock.js';
export { writeFileAtomically } from './write-file.js';

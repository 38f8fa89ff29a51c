import type { ArtifactName } from '../artifact.js';

/** One change of one file; paths are relative to the project's folder. */
export type FileChange =
  | {
      readonly kind: 'create';
      readonly artifact: ArtifactName;
      readonly path: string;
      readonly after: string;
    }
  | {
      readonly kind: 'patch';
      readonly artifact: ArtifactName;
      readonly path: string;
      readonly before: string;
      readonly after: string;
    }
  | {
      readonly kind: 'move';
      readonly artifact: ArtifactName;
      readonly from: string;
      readonly path: string;
    };

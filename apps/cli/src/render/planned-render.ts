import type { Finding } from '@holdfast/findings';
import { type RenderSource } from '@holdfast/catalog-diff/render';
import {
  type IntendedCatalog,
  type LiveDescriptors,
  type SchemaStatus,
} from '@holdfast/catalog-diff/snapshots';

/** What a render comes to before anything is written. */
export interface PlannedRender {
  readonly catalog: IntendedCatalog;
  readonly status: SchemaStatus;
  readonly pruned: number;
  readonly findings: readonly Finding[];
  readonly sources: readonly RenderSource[];
  readonly descriptors: LiveDescriptors;
}

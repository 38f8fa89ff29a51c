import type { Audit } from '@holdfast/odps-audit';

/** One project with what its audit came to; paths are as seen from where the command runs. */
export interface AuditedProject {
  readonly folder: string;
  readonly audit: Audit;
}

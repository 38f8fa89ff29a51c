import type { CheckId } from '@holdfast/fleet';

/** The checks by their names in a report; `checksum` and `version_tag` look at delivered files. */
export const checkIds = [
  'checksum',
  'link_integrity',
  'schema_check',
  'secret_scan',
  'version_tag',
  'catalogue_check',
] as const satisfies readonly CheckId[];

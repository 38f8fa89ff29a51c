import * as z from 'zod';

const ObjectId = z.string().regex(/^[0-9a-f]{40}$/);
const Text = z.string().min(1).max(1_000);
const Mode = z.enum(['100644', '100755', '120000', '160000']);

const Entry = z.looseObject({
  source: z.string().min(1).describe('the path of the file in the source'),
  oid: ObjectId.describe('the blob id of what the sync wrote at the path'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('the SHA-256 of the same bytes'),
  mode: Mode.describe('a file, an executable file, a symbolic link, or a submodule'),
  source_oid: ObjectId.optional().describe(
    'the blob id of the source file, where transforms made something else of it',
  ),
  base_oid: ObjectId.optional().describe(
    'the blob id of what upstream delivered, where a merge wrote something else',
  ),
  base_mode: Mode.optional().describe(
    'the mode that upstream delivered, where the path has another',
  ),
  override: z.boolean().optional().describe("the downstream's override was merged into the file"),
  conflict: z.boolean().optional().describe('the sync left conflict markers in the file'),
  withdrawn: z
    .boolean()
    .optional()
    .describe('upstream withdrew the file, which the downstream had changed'),
  conflict_base_oid: ObjectId.optional().describe("the blob id of the conflict's common ancestor"),
  conflict_ours_oid: ObjectId.optional().describe(
    "the blob id of the downstream's side of the conflict; upstream's is base_oid",
  ),
  conflict_override_oid: ObjectId.optional().describe(
    'the blob id of the override when the conflict arose',
  ),
});

/**
 * The shape of a manifest, for its JSON Schema alone: `parseManifest` checks by hand, which is many
 * times as fast.
 */
export const ManifestShape = z.looseObject({
  version: z.literal(1).describe('the version of this format'),
  rule_id: Text.describe('the rule that delivered'),
  source_repo: Text.describe('what the configuration calls the source'),
  source_commit: ObjectId.describe('the commit that was delivered'),
  source_ref: Text.describe('the tag, branch or revision that named the commit'),
  synced_at: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    .describe("the later of the source commit's and the target head's dates"),
  synced_by: Text.describe('what wrote the manifest'),
  transforms_digest: Text.describe('identifies the transforms and their configuration'),
  content: z
    .looseObject({})
    .describe('what the kind of content wants to record about itself; {} where there is nothing'),
  files: z.record(z.string(), Entry).describe('what lies at each delivered path'),
});

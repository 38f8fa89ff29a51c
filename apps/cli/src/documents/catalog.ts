import { phases } from '@holdfast/catalog-diff/adopt';
import { DiscoveredServer, ToolStatus } from '@holdfast/catalog-diff/snapshots';
import { z } from 'zod';
import { findingDocument } from './error.js';

const change = z.object({
  rule: z.string().describe('contract: type.narrowed, required.added, …'),
  severity: z.enum(['breaking', 'warning', 'info', 'unknown']),
  path: z.string().describe('the JSON pointer of the place in the schema'),
  message: z.string(),
  witness: z.json().optional().describe('a value that the one side accepts and the other refuses'),
  keyword: z.string().optional().describe('what stands in the way of a decision'),
});

const verdict = z.enum(['compatible', 'breaking', 'unknown']);
const comparison = z.object({ verdict, changes: z.array(change) });

const problems = z.array(
  z.object({
    path: z.string(),
    ruleId: z.string(),
    pointer: z.string(),
    message: z.string(),
  }),
);

/** What `holdfast catalog schema-diff --json` prints. */
export const schemaDiffDocument = comparison.extend({
  problems: problems.optional().describe('keys that stand twice in a file'),
});

const summary = z.object({
  breaking: z.int(),
  warnings: z.int(),
  info: z.int(),
  unknown: z.int(),
  added: z.int(),
  removed: z.int(),
  renamed: z.int(),
});

const tool = z.object({
  server: z.string().optional(),
  name: z.string(),
  change: z.enum(['added', 'removed', 'renamed', 'changed', 'same']),
  from: z.string().optional().describe('the name that it had'),
  input: comparison.optional(),
  output: comparison.optional(),
  annotations: z
    .array(
      z.object({
        rule: z.string(),
        severity: change.shape.severity,
        security: z.boolean(),
        before: z.json(),
        after: z.json(),
        message: z.string(),
      }),
    )
    .optional(),
  text: z
    .array(
      z.object({
        rule: z.string(),
        severity: change.shape.severity,
        before: z.string().nullable(),
        after: z.string().nullable(),
        message: z.string(),
      }),
    )
    .optional(),
  cause: z.object({ kind: z.string(), message: z.string() }).optional(),
});

/** What `holdfast catalog diff --json` prints; with `--transitive`, the comparisons with what is retained instead. */
export const diffDocument = z
  .object({
    summary: summary.describe('how many tools'),
    tools: z.array(tool).describe('by server and name, those that are the same too'),
    problems: problems.describe(
      'what could not be read, and so is not compared; keys that stand twice',
    ),
    oldestBroken: z.string().describe('with --transitive'),
    comparisons: z.array(z.object({ id: z.string(), summary })).describe('with --transitive'),
  })
  .partial();

const health = z.enum(['up', 'partial', 'failed', 'timeout', 'unauthorized', 'disabled']);

/** What `holdfast catalog capture --json` prints. */
export const captureDocument = z.object({
  path: z.string().describe('the file that was written'),
  servers: z.array(
    z.object({
      name: z.string(),
      health: health.describe('up: the list is whole; partial: some of it came'),
      error: z.string().optional(),
      durationMs: z.number(),
      protocolVersion: z.string().optional(),
      serverInfo: z.record(z.string(), z.unknown()).optional(),
      instructions: z.string().optional(),
      clientCapabilities: z.record(z.string(), z.unknown()).optional(),
      pages: z.int(),
      tools: z.int().describe('how many tools are kept'),
      problems: z.array(z.string()),
    }),
  ),
  problems: z.array(z.string()).describe('servers of the file that could not be asked'),
});

/** What `holdfast catalog render --json` prints. */
export const renderDocument = z.object({
  path: z.string().describe('the intended catalog'),
  written: z.boolean().describe('false: it is as it was, or findings forbid it'),
  tools: z.int(),
  hidden: z.int(),
  disabled: z.int(),
  pending: z.int().describe('schemas that are not adopted yet'),
  failed: z.int().describe('schemas whose adoption failed'),
  findings: z.array(findingDocument),
  drift: summary.optional().describe('against the live catalog, where there is one'),
});

const phase = z.object({
  phase: z.int(),
  name: z.enum(phases.map(({ name }) => name) as [string, ...string[]]),
  emitLive: z.boolean(),
  useIntended: z.boolean(),
  readers: z.enum(['nobody', 'ci', 'everybody']).describe('who reads the intended catalog'),
  legacy: z
    .enum(['used', 'fallback', 'deprecated', 'removed'])
    .describe('what becomes of overrides that are applied while serving'),
});

/** What `holdfast catalog status --json` prints: the adoption of schemas, or with `--phase` the phase. */
export const statusDocument = z
  .object({
    renders: z.int(),
    settled: z
      .int()
      .describe('how many schemas have been stable for so long that they are settled'),
    tools: z.array(ToolStatus),
    phase: z.int().describe('with --phase'),
    name: z.string(),
    criterion: z.string().describe('what has to hold before the next phase'),
    holds: z.boolean().nullable().describe('null: these files cannot tell'),
    reason: z.string(),
    switches: phase.pick({ emitLive: true, useIntended: true }),
    phases: z.array(phase).describe('all of them, with the switches that each has by default'),
  })
  .partial();

/** What `holdfast catalog history --json` prints. */
export const historyDocument = z.object({
  tool: z.string(),
  captures: z
    .array(
      z.object({
        path: z.string(),
        at: z.string(),
        isThere: z.boolean(),
        changes: z.array(tool).describe('since the capture before'),
      }),
    )
    .describe('the oldest first'),
  status: ToolStatus.nullable(),
});

/** What `holdfast catalog list --json` prints; with `--diff-catalogs`, what differs. */
export const listDocument = z.object({
  catalog: z.enum(['intended', 'live']).optional(),
  summary: summary.optional().describe('with --diff-catalogs'),
  tools: z.array(
    tool.partial({ change: true }).extend({
      title: z.string().optional(),
      description: z.string().optional(),
    }),
  ),
});

/** What `holdfast catalog why --json` prints. */
export const whyDocument = z.object({
  tools: z.array(
    z.object({
      server: z.string(),
      tool: z.string().describe('the name that the server gave it'),
      name: z.string().describe('the name that clients see'),
      health,
      enabled: z.boolean(),
      hidden: z.boolean(),
      reason: z.string().optional().describe('why it is hidden'),
      origins: z.array(
        z.object({
          origin: z.string().describe('the file'),
          level: z.enum(['master', 'master *', 'server', 'server *', 'server tool']),
          keys: z.array(z.string()),
        }),
      ),
    }),
  ),
  aggregates: z.array(
    z.object({ name: z.string(), origin: z.string(), operations: z.array(z.string()) }),
  ),
  sources: z.array(z.string()).describe('the files that were read, the last one wins'),
  findings: z.array(findingDocument),
});

/** What `holdfast catalog prune --json` prints. */
export const pruneDocument = z.object({
  removed: z.array(z.string()).describe('files'),
  settled: z.array(z.string()).describe('server/tool of schemas that are settled now'),
});

/** What `holdfast catalog approve --json` prints. */
export const approveDocument = z.object({ tool: ToolStatus });

/** What `holdfast catalog discover --json` prints; with `--reset`, whether there was anything to forget. */
export const discoverDocument = z.object({
  path: z.string(),
  servers: z.array(DiscoveredServer).optional(),
  problems: z.array(z.string()).optional().describe('configurations that could not be read'),
  removed: z.boolean().optional().describe('with --reset'),
});

/** What `holdfast catalog verify --json` prints. */
export const verifyDocument = z.object({
  stages: z.object({
    render: z.object({ errors: z.int(), findings: z.array(findingDocument) }),
    parity: z.object({
      summary,
      gaps: z.int(),
      outages: z.int().describe('gaps that the health of a server explains'),
      allowed: z.boolean().describe('HOLDFAST_ALLOW_LIVE_DRIFT lets them pass'),
    }),
    adoption: z.object({ failed: z.array(ToolStatus) }),
  }),
  diff: z.string().optional().describe('the file that the differences are kept in'),
});

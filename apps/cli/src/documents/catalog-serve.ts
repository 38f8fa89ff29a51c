import { z } from 'zod';

/** What `holdfast catalog serve --check --json` prints; without `--check` there is nothing. */
export const serveDocument = z
  .object({
    servers: z.array(
      z.object({ name: z.string(), health: z.string(), error: z.string().optional() }),
    ),
    intended: z.int().describe('tools of the intended catalog'),
    live: z.int().describe('tools that are served after the restart'),
    listed: z.boolean().describe('whether tools/list is what live_catalog.json says'),
    gaps: z.array(
      z.object({
        server: z.string().optional(),
        tool: z.string(),
        change: z.string(),
        cause: z.string().optional(),
      }),
    ),
    findings: z.array(z.looseObject({ ruleId: z.string(), message: z.string() })),
  })
  .partial();

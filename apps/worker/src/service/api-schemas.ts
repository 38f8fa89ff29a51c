import * as z from 'zod';

/** The shapes of the API, for checking what comes in and for its description. */

const Name = z.string().min(1).max(512);

/** The body of `POST /api/runs`. */
export const StartRun = z.strictObject({
  kind: z
    .optional(z.enum(['sync', 'plan', 'check', 'alerts', 'command']))
    .describe('What to do; default sync.'),
  rules: z
    .optional(z.array(Name).max(10_000))
    .describe('Ids of rules; default those that run by themselves.'),
  targets: z.optional(z.array(Name).max(10_000)).describe('Names of targets; default all.'),
  release: z.optional(Name).describe('A tag of the source.'),
  ref: z.optional(Name).describe('Any revision of the source.'),
  job: z.optional(Name).describe('Of kind command: the job of the configuration.'),
});
export type StartRun = z.output<typeof StartRun>;

/** The body of `POST /api/rollouts`. */
export const ChangeRollout = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('approve').describe('Open the next wave now.'),
    release: Name,
    wave: z.int().min(0).describe('The open wave, from 0: another one is left as it is.'),
  }),
  z.strictObject({ action: z.literal('halt'), release: Name, reason: Name }),
  z.strictObject({ action: z.literal('resume'), release: Name }),
]);

const ErrorBody = z.object({ code: z.string(), message: z.string(), hint: z.optional(z.string()) });

const RunBody = z.object({
  id: z.string(),
  kind: z.string(),
  selection: z.looseObject({}),
  trigger: z.object({ by: z.string(), detail: z.string() }),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  error: z.optional(ErrorBody),
  createdAt: z.string(),
  startedAt: z.optional(z.string()),
  finishedAt: z.optional(z.string()),
  targets: z.object({ total: z.int(), done: z.int(), failed: z.int() }),
});

const OutcomeBody = z.object({
  target: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  attempts: z.int(),
  worker: z.optional(z.string()),
  items: z.array(z.looseObject({ rule: z.string(), outcome: z.string() })),
  error: z.optional(ErrorBody),
  startedAt: z.optional(z.string()),
  finishedAt: z.optional(z.string()),
});

const Failure = z.object({ error: ErrorBody });

/** The schemas as Fastify and the OpenAPI description take them. */
export const schemas = {
  startRun: jsonSchema(StartRun),
  started: jsonSchema(z.object({ id: z.string(), url: z.string() })),
  run: jsonSchema(RunBody.extend({ outcomes: z.array(OutcomeBody) })),
  runs: jsonSchema(z.object({ runs: z.array(RunBody), next: z.optional(z.string()) })),
  fleet: jsonSchema(
    z.object({
      rows: z.array(
        z.object({
          target: z.string(),
          rule: z.string(),
          status: z.looseObject({}),
          seenAt: z.string(),
        }),
      ),
    }),
  ),
  alerts: jsonSchema(
    z.object({
      alerts: z.array(
        z.looseObject({
          type: z.enum(['failure', 'staleness', 'drift']),
          rule_id: z.string(),
          target_repo: z.string(),
          detected_at: z.string(),
          details: z.string(),
          action_required: z.string(),
        }),
      ),
    }),
  ),
  changeRollout: jsonSchema(ChangeRollout),
  rollout: jsonSchema(z.looseObject({ release: z.string(), state: z.string(), wave: z.int() })),
  rollouts: jsonSchema(
    z.object({
      rollouts: z.array(
        z.looseObject({
          release: z.string(),
          state: z.string(),
          wave: z.int(),
          waitsFor: z.array(z.string()),
        }),
      ),
    }),
  ),
  failure: jsonSchema(Failure),
};

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...body } = z.toJSONSchema(schema, { target: 'draft-7', io: 'output' });
  return body;
}

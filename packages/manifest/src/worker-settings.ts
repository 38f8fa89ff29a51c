import * as z from 'zod';
import { checkCron } from './check-cron.js';
import { checkName } from './names.js';
import { checkedText, named, ShortText } from './schema-parts.js';

const Cron = checkedText(checkCron, 'wrong-value');

/** The commands that a job may run: those that bring something up to date, and are safe to repeat. */
const JOB_COMMANDS = [
  ['pull'],
  ['skills', 'generate'],
  ['catalog', 'capture'],
  ['catalog', 'render'],
];

const Command = z
  .array(ShortText)
  .min(1, 'must name a command')
  .max(100, 'must hold 100 words or fewer')
  .superRefine((words, context) => {
    if (JOB_COMMANDS.some((command) => command.every((word, i) => words[i] === word))) return;
    const known = JOB_COMMANDS.map((command) => `[${command.join(', ')}]`).join(', ');
    context.addIssue({
      code: 'custom',
      message: `must begin with one of ${known}`,
      params: { ruleId: 'wrong-value' },
    });
  });

const Job = z.strictObject({
  run: Command.describe('The words after holdfast: pull, skills generate, catalog capture, …'),
  schedule: Cron.describe('When, as five fields of cron, or off.'),
});

const Schedules = z.strictObject({
  drift: z.exactOptional(Cron).describe('A look at every target; default daily, "0 3 * * *".'),
  staleness: z
    .exactOptional(Cron)
    .describe('Alerts of what is late, drifted or failing; default daily, "30 3 * * *".'),
  catch_up: z
    .exactOptional(Cron)
    .describe('A sync, for the webhook that never came; default hourly, "17 * * * *".'),
});

/** What `holdfast-worker` does by itself. */
export type WorkerSettings = z.output<typeof WorkerSettings>;

export const WorkerSettings = z.strictObject({
  schedules: Schedules.prefault({}).describe('When what is started; off: never.'),
  timezone: z
    .string()
    .refine(isTimeZone, 'must be a time zone of the IANA database, like Europe/Berlin')
    .default('UTC')
    .describe('The time zone of schedules.'),
  jobs: named(checkName, Job)
    .prefault({})
    .describe('Commands that are run on a schedule beside syncs, by a name for each.'),
  issues: z
    .boolean()
    .default(false)
    .describe('Whether alerts are told as issues in the targets that they are about.'),
  comments: z
    .boolean()
    .default(true)
    .describe('Whether requests are told their impact, and pushes to targets their drift.'),
  history_days: z
    .int()
    .min(1, 'must be 1 or more')
    .max(3_650, 'must be 3650 or less')
    .default(90)
    .describe('How long finished runs are kept.'),
});

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { checkIds } from './check-ids.js';
import type { CommandContext, CommandResult } from './command.js';
import type { HookFlags } from './commands/hooks.js';
import type { InitFlags } from './commands/init.js';
import type { PlanFlags } from './commands/plan.js';
import type { ListFlags, MergeFlags } from './commands/requests.js';
import type { ResolveFlags } from './commands/resolve.js';
import type { CheckFlags, ExtractFlags } from './commands/schemas.js';
import type { SyncFlags } from './commands/sync.js';
import type { ValidateFlags } from './commands/validate.js';
import { describeError, renderError } from './describe-error.js';
import type { ErrorDocument } from './describe-error.js';
import type { ExitCode } from './exit-code.js';
import { exitCodeOf } from './exit-code.js';
import { renderMarkup } from './markup.js';
import type { Output, Surroundings } from './surroundings.js';

/** The version of every JSON document; it changes when a key is taken away or means something else. */
const DOCUMENT_VERSION = 1;

const MISUSE_HINT = '--help lists the commands, arguments and options';

interface GlobalFlags {
  readonly config?: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

/**
 * Runs the command line: parses the arguments, runs one command, prints what it came to. A command's
 * code is loaded when that command runs.
 *
 * @returns the exit code; nothing is thrown.
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Command('holdfast');

  function perform<Arguments extends unknown[]>(
    name: string,
    command: (context: CommandContext, ...rest: Arguments) => Promise<CommandResult>,
  ): (...rest: Arguments) => Promise<void> {
    return async (...rest) => {
      const flags = program.opts<GlobalFlags>();
      const result = await command(contextOf(surroundings, flags), ...rest).catch(
        (error: unknown) => {
          if (flags.verbose && error instanceof Error)
            surroundings.stderr.write(`${error.stack}\n`);
          return failure(error);
        },
      );
      print(result, name, flags, surroundings);
      exitCode = result.exitCode;
    };
  }

  declareGlobals(program, surroundings);
  declareCommands(program, perform);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = misuse(error, argv, surroundings);
  }
  return exitCode;
}

type Perform = <Arguments extends unknown[]>(
  name: string,
  command: (context: CommandContext, ...rest: Arguments) => Promise<CommandResult>,
) => (...rest: Arguments) => Promise<void>;

function declareGlobals(program: Command, { stdout, stderr }: Surroundings): void {
  program
    .description('Keep many repositories anchored to one source of truth.')
    .version(readVersion(), '--version', 'print the version')
    .option('--config <file>', 'the configuration; default: the nearest holdfast.yaml, upward')
    .option('--json', 'print one JSON document instead of text')
    .option('--quiet', 'log nothing')
    .addOption(
      new Option('--verbose', 'log what is done, as JSON lines on stderr').conflicts('quiet'),
    )
    .option('--no-color', 'print without colours')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError(`hint: ${MISUSE_HINT}`)
    .exitOverride()
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, nothing found; 1 done, with findings; 2 the input is wrong;\n3 the surroundings failed. The worst outcome counts.',
    );
}

function declareCommands(program: Command, perform: Perform): void {
  const declare = (name: string, summary: string) => program.command(name).description(summary);

  declare('init', 'write holdfast.yaml and a first rule')
    .option('--yes', 'ask nothing, take the defaults')
    .option('--namespace <name>', 'the prefix of folders, branches and labels')
    .option('--source <glob>', 'the files to deliver')
    .option('--target <name=location>', 'the first target: its name, and its path or URL')
    .option('--target-path <folder>', 'the folder to deliver to')
    .action(
      perform('init', async (context, flags: InitFlags) =>
        (await import('./commands/init.js')).init(context, flags),
      ),
    );

  withSelection(declare('plan', 'show what would change in each target'))
    .option('--diff', 'show the changes line by line')
    .option('--out <file>', 'save the plan, for sync --plan')
    .action(
      perform('plan', async (context, rules: string[], flags: PlanFlags) =>
        (await import('./commands/plan.js')).plan(context, rules, flags),
      ),
    );

  withSelection(declare('sync', 'plan, validate and apply: commit, push, change request'))
    .addOption(
      new Option('--plan <file>', 'apply exactly this saved plan, or refuse').conflicts([
        'release',
        'ref',
        'target',
        'acceptMovedTag',
        'dryRun',
      ]),
    )
    .option('--dry-run', 'only plan')
    .action(
      perform('sync', async (context, rules: string[], flags: SyncFlags) =>
        (await import('./commands/sync.js')).sync(context, rules, flags),
      ),
    );

  withTargets(declare('drift', 'compare each target with what was delivered last')).action(
    perform('drift', async (context, rules: string[], flags: { target?: string[] }) =>
      (await import('./commands/drift.js')).drift(context, rules, flags),
    ),
  );

  withTargets(declare('status', 'show where each target stands')).action(
    perform('status', async (context, rules: string[], flags: { target?: string[] }) =>
      (await import('./commands/status.js')).status(context, rules, flags),
    ),
  );

  declareRequests(declare('requests', 'change requests on the embedded forge'), perform);

  declareValidate(
    declare('validate', 'run the checks on files, staged content or commits'),
    perform,
  );
  declareHooks(declare('hooks', 'a git hook that checks what is staged'), perform);
  declareSchemas(declare('schemas', 'JSON Schemas from exported TypeScript types'), perform);

  declare('resolve', 'finish a conflict, and record why')
    .argument('<path>', 'the path of the file in the target')
    .requiredOption('--decision <text>', 'what was decided and why, for DECISIONS.md')
    .addOption(new Option('--ours', 'take the side of the target').conflicts(['theirs', 'file']))
    .addOption(new Option('--theirs', 'take the side of the release').conflicts('file'))
    .option('--file <file>', 'take the content of this file')
    .option('--by <name>', 'who decided; default: $GIT_AUTHOR_NAME, else $USER')
    .option('--target <name>', 'in this target; default: the work tree around, or any target')
    .action(
      perform('resolve', async (context, path: string, flags: ResolveFlags) =>
        (await import('./commands/resolve.js')).resolve(context, path, flags),
      ),
    );

  declare('why', 'tell where a delivered file comes from')
    .argument('<path>', 'the path of the file in the target')
    .option('--target <name>', 'only this target; may be repeated', collect)
    .action(
      perform('why', async (context, path: string, flags: { target?: string[] }) =>
        (await import('./commands/why.js')).why(context, path, flags),
      ),
    );

  withTargets(declare('verify', 'derive every delivered file again, and compare')).action(
    perform('verify', async (context, rules: string[], flags: { target?: string[] }) =>
      (await import('./commands/verify.js')).verify(context, rules, flags),
    ),
  );
}

function declareRequests(requests: Command, perform: Perform): void {
  const load = () => import('./commands/requests.js');
  const declare = (name: string, summary: string) => requests.command(name).description(summary);
  const one = (name: string, summary: string) =>
    declare(name, summary)
      .argument('<target>', 'the name of the target')
      .argument('[number]', 'the number of the request; default: the only open one', parseNumber);

  declare('list', 'list change requests')
    .argument('[targets...]', 'names of targets; default: all')
    .addOption(
      new Option('--state <state>', 'which to list')
        .choices(['open', 'merged', 'closed', 'all'])
        .default('open'),
    )
    .action(
      perform('requests list', async (context, targets: string[], flags: ListFlags) =>
        (await load()).listRequests(context, targets, flags),
      ),
    );
  one('show', 'show a change request: its text, its files, its comments').action(
    perform('requests show', async (context, target: string, number: number | undefined) =>
      (await load()).showRequest(context, target, number),
    ),
  );
  one('merge', 'merge a change request')
    .addOption(
      new Option(
        '--method <method>',
        'how; default: as the configuration says, else merge',
      ).choices(['merge', 'squash']),
    )
    .action(
      perform(
        'requests merge',
        async (context, target: string, number: number | undefined, flags: MergeFlags) =>
          (await load()).mergeRequest(context, target, number, flags),
      ),
    );
  one('close', 'close a change request; the next runs respect it')
    .option('--comment <text>', 'say why')
    .action(
      perform(
        'requests close',
        async (context, target: string, number: number | undefined, flags: { comment?: string }) =>
          (await load()).closeRequest(context, target, number, flags),
      ),
    );
  declare('reopen', 'open a closed change request again')
    .argument('<target>', 'the name of the target')
    .argument('<number>', 'the number of the request', parseNumber)
    .action(
      perform('requests reopen', async (context, target: string, number: number) =>
        (await load()).reopenRequest(context, target, number),
      ),
    );
}

function declareValidate(command: Command, perform: Perform): void {
  command
    .argument(
      '[paths...]',
      'files, folders or quoted patterns, !pattern to leave out; default: the work tree',
    )
    .addOption(
      new Option('--changed', 'only what differs from HEAD, new files included').conflicts([
        'staged',
        'from',
        'to',
      ]),
    )
    .addOption(
      new Option('--staged', 'only what is staged, as it is staged').conflicts(['from', 'to']),
    )
    .option('--from <revision>', 'only what changed since the commits parted')
    .option('--to <revision>', 'the files of this commit; default with --from: HEAD')
    .option('--schemas <folder>', 'JSON Schemas that files may name; may be repeated', collect)
    .option(
      '--check <id>',
      `only this check: ${checkIds.join(', ')}; may be repeated`,
      collectOf(checkIds),
    )
    .option('--skip <id>', 'not this check; may be repeated', collectOf(checkIds))
    .addOption(
      new Option('--format <format>', 'the form of the report')
        .choices(['text', 'json', 'yaml', 'markdown', 'sarif', 'junit'])
        .default('text'),
    )
    .option('--out <file>', 'save the report there, and print it as text')
    .option('--deny <pattern>', 'an RE2 pattern that must match nowhere; may be repeated', collect)
    .option('--allow <fingerprint>', 'let this finding of the secret scan pass', collect)
    .option('--max-warnings <number>', 'exit with 1 if there are more', parseLimit)
    .option('--live', 'also send each model to the endpoint of the configuration')
    .action(
      perform('validate', async (context, paths: string[], flags: ValidateFlags) =>
        (await import('./commands/validate.js')).validate(context, paths, flags),
      ),
    );
}

function declareHooks(hooks: Command, perform: Perform): void {
  const load = () => import('./commands/hooks.js');
  const declare = (name: string, summary: string) => hooks.command(name).description(summary);

  declare('install', 'check what is staged before each commit; an existing hook is kept')
    .option('--force', 'write into a shared folder, and over an edited hook of ours')
    .action(
      perform('hooks install', async (context, flags: HookFlags) =>
        (await load()).installHooks(context, flags),
      ),
    );
  declare('remove', 'take the hook away, and put back what was there')
    .option('--force', 'change a shared folder, and drop what was added to our hook')
    .action(
      perform('hooks remove', async (context, flags: HookFlags) =>
        (await load()).removeHooks(context, flags),
      ),
    );
  declare('run', 'do what the hook does, without a commit').action(
    perform('hooks run', async (context) => (await load()).runHooks(context)),
  );
}

function declareSchemas(schemas: Command, perform: Perform): void {
  const load = () => import('./commands/schemas.js');
  const declare = (name: string, summary: string) =>
    schemas
      .command(name)
      .description(summary)
      .option('--type <name>', 'only this exported type; may be repeated', collect)
      .option('--out <folder>', 'the folder of the schemas', 'schemas')
      .option('--tsconfig <file>', 'the compiler options; default: strict, for a bundler')
      .option('--base-url <url>', 'what each $id begins with; default: nothing');
  const files = [
    '--types <pattern>',
    'the source files, as a quoted pattern; may be repeated',
  ] as const;

  declare('extract', 'write one schema for each exported type')
    .addOption(new Option(...files).argParser(collect).makeOptionMandatory())
    .action(
      perform('schemas extract', async (context, flags: ExtractFlags) =>
        (await load()).extract(context, flags),
      ),
    );
  declare('check', 'tell which schemas are stale; with --types, also which are missing')
    .addOption(new Option(...files).argParser(collect))
    .action(
      perform('schemas check', async (context, flags: CheckFlags) =>
        (await load()).checkSchemas(context, flags),
      ),
    );
}

function withTargets(command: Command): Command {
  return command
    .argument('[rules...]', 'ids of rules; default: all')
    .option('--target <name>', 'only this target; may be repeated', collect);
}

function withSelection(command: Command): Command {
  return command
    .argument('[rules...]', 'ids of rules; default: those of on_release and on_change')
    .addOption(new Option('--release <tag>', 'deliver this release').conflicts('ref'))
    .option('--ref <revision>', 'deliver this commit, branch or tag')
    .option('--target <name>', 'only this target; may be repeated', collect)
    .option('--accept-moved-tag', 'deliver a tag although it is no longer the commit that it was');
}

function collect(value: string, values: readonly string[] = []): string[] {
  return [...values, value];
}

function collectOf(choices: readonly string[]) {
  return (value: string, values: readonly string[] = []): string[] => {
    if (choices.includes(value)) return collect(value, values);
    throw new InvalidArgumentError(`expected one of ${choices.join(', ')}.`);
  };
}

function parseLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected 0 or more.');
  return Number(text);
}

function parseNumber(text: string): number {
  if (!/^#?[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('expected a number like 1.');
  return Number(text.replace('#', ''));
}

function contextOf(surroundings: Surroundings, flags: GlobalFlags): CommandContext {
  return {
    surroundings,
    logLevel: flags.quiet ? 'silent' : flags.verbose ? 'debug' : 'warn',
    ...(flags.config === undefined ? {} : { config: flags.config }),
  };
}

/** Prints the text or the document; an error goes to stderr for people, and into the document. */
function print(
  { exitCode, error, document, text }: CommandResult,
  command: string,
  flags: GlobalFlags,
  { stdout, stderr, environment }: Surroundings,
): void {
  stdout.write(
    flags.json
      ? formatDocument({ command, exitCode, ...(error ? { error } : {}), ...document })
      : renderMarkup(text(), { color: hasColor(stdout, flags, environment) }),
  );
  if (error) {
    stderr.write(renderMarkup(renderError(error), { color: hasColor(stderr, flags, environment) }));
  }
}

/** What a command that threw came to. */
function failure(thrown: unknown): CommandResult {
  const error = describeError(thrown);
  return { exitCode: exitCodeOf(error), error, document: {}, text: () => '' };
}

/** What commander has to say: help and the version are no errors, everything else is wrong input. */
function misuse(
  { code, message, exitCode }: CommanderError,
  argv: readonly string[],
  { stdout }: Surroundings,
): ExitCode {
  if (exitCode === 0) return 0;
  if (argv.includes('--json')) {
    const error: ErrorDocument = {
      code: code.replace('commander.', ''),
      message: message.replace(/^error: /, ''),
      blame: 'input',
      hint: MISUSE_HINT,
    };
    stdout.write(formatDocument({ command: null, exitCode: 2, error }));
  }
  return 2;
}

function formatDocument(document: object): string {
  return `${JSON.stringify({ holdfast: DOCUMENT_VERSION, ...document }, null, 2)}\n`;
}

/** See https://no-color.org and https://force-color.org; a flag or variable against colours wins. */
function hasColor(
  { isTTY = false }: Output,
  { color }: GlobalFlags,
  environment: Surroundings['environment'],
): boolean {
  const forced = Boolean(environment['FORCE_COLOR']) && environment['FORCE_COLOR'] !== '0';
  const suits = isTTY && environment['TERM'] !== 'dumb';
  return color && !environment['NO_COLOR'] && (forced || suits);
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

import type { KeyPath } from '@holdfast/text';
import { isMapping, listOf, member, textOf } from '../mapping.js';

/** What a step of a workflow runs, as far as the audit knows the command. */
export interface WorkflowCommand {
  readonly kind: 'dbt-ol' | 'product-put' | 'contract-put' | 'contract-test' | 'curl-put';
  /** The id that is given, without quotes. */
  readonly id: string | undefined;
  /** The file that is given, relative to the working directory. */
  readonly file: string | undefined;
  /** The step. */
  readonly path: KeyPath;
}

/** A place of a workflow where variables of the environment are set. */
export interface WorkflowEnvironment {
  readonly values: Readonly<Record<string, unknown>>;
  readonly path: KeyPath;
}

export interface WorkflowContent {
  /** In the order of the file. */
  readonly commands: readonly WorkflowCommand[];
  readonly environments: readonly WorkflowEnvironment[];
  /** Jobs that call a workflow of another file. */
  readonly reusable: readonly KeyPath[];
  readonly workingDirectories: ReadonlySet<string>;
}

/** Reads what the jobs of a workflow run. */
export function readWorkflow(value: unknown): WorkflowContent {
  const commands: WorkflowCommand[] = [];
  const environments: WorkflowEnvironment[] = [];
  const reusable: KeyPath[] = [];
  const workingDirectories = new Set<string>();

  function note(holder: unknown, path: KeyPath): void {
    const env = member(holder, 'env');
    if (isMapping(env)) environments.push({ values: env, path: [...path, 'env'] });
    const run = member(member(holder, 'defaults'), 'run');
    for (const place of [member(run, 'working-directory'), member(holder, 'working-directory')]) {
      const folder = textOf(place);
      if (folder !== undefined) workingDirectories.add(cleanPath(folder));
    }
  }

  note(value, []);
  const jobs = member(value, 'jobs');
  for (const [name, job] of isMapping(jobs) ? Object.entries(jobs) : []) {
    const path = ['jobs', name];
    note(job, path);
    if (textOf(member(job, 'uses')) !== undefined) reusable.push([...path, 'uses']);
    for (const [index, step] of listOf(member(job, 'steps')).entries()) {
      const place = [...path, 'steps', index];
      note(step, place);
      for (const one of readCommands(textOf(member(step, 'run')) ?? '', [...place, 'run']))
        commands.push(one);
    }
  }
  return { commands, environments, reusable, workingDirectories };
}

/** A path without `./` and slashes at its end. */
export function cleanPath(path: string): string {
  return path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
}

function readCommands(script: string, path: KeyPath): WorkflowCommand[] {
  const lines = script.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => line.split(/&&|\|\||;|\|/))
    .flatMap((command) => readCommand(command, path));
}

function readCommand(command: string, path: KeyPath): WorkflowCommand[] {
  const words = (command.match(/(?:"[^"]*"|'[^']*'|\$\{\{.*?\}\}|[^\s"'])+/g) ?? []).map(unquote);
  const found: WorkflowCommand[] = [];
  const program = words.findIndex((word) => /(?:^|\/)dbt-ol$/.test(word));
  if (program >= 0) found.push({ kind: 'dbt-ol', id: undefined, file: undefined, path });
  for (const [kind, noun] of [
    ['product-put', 'dataproducts'],
    ['contract-put', 'datacontracts'],
  ] as const) {
    const at = words.findIndex((word, index) => word === noun && words[index + 1] === 'put');
    if (at < 0) continue;
    const { options, others } = readArguments(words.slice(at + 2));
    found.push({ kind, id: others[0], file: options.get('--file') ?? options.get('-f'), path });
  }
  const test = words.findIndex(
    (word, index) => /(?:^|\/)datacontract$/.test(word) && words[index + 1] === 'test',
  );
  if (test >= 0) {
    const { others } = readArguments(words.slice(test + 2));
    found.push({
      kind: 'contract-test',
      id: undefined,
      file: others[0] ?? 'datacontract.yaml',
      path,
    });
  }
  if (
    /(?:^|\s)curl\s/.test(command) &&
    /\bPUT\b/.test(command) &&
    /\/api\/data(?:products|contracts)\b/.test(command)
  ) {
    found.push({ kind: 'curl-put', id: undefined, file: undefined, path });
  }
  return found;
}

function unquote(word: string): string {
  return word.replace(/(["'])(.*?)\1/g, '$2');
}

/** Options take a value, but for those that stand before another option or at the end. */
function readArguments(words: readonly string[]): {
  options: Map<string, string>;
  others: string[];
} {
  const options = new Map<string, string>();
  const others: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const [, name = '', value] = /^(--?[a-z][\w-]*)(?:=(.*))?$/is.exec(word) ?? [];
    if (name === '') others.push(word);
    else if (value !== undefined) options.set(name, value);
    else if (words[index + 1]?.startsWith('-') === false) options.set(name, words[++index]!);
  }
  return { options, others };
}

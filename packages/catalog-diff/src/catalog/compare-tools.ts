import { canonicalJson } from '../schema/canonical-json.js';
import type { SchemaChange, SchemaComparison } from '../schema/compare-schemas.js';
import { createSchemaComparer, type SchemaComparisonOptions } from '../schema/compare-schemas.js';
import { isObject, ownValue, type Json } from '../schema/json.js';
import type { ChangeSeverity, Direction } from '../schema/rules.js';
import { effectiveAnnotations } from './effective-annotations.js';
import type { Tool } from './tool.js';

/** Settings of the schema comparisons that a comparison of tools makes. */
export type ToolComparisonOptions = Omit<SchemaComparisonOptions, 'direction'>;

/** A change of how clients treat a tool, by what they take it for. */
export interface AnnotationChange {
  /** `annotations.readOnlyHint.changed`, … */
  readonly rule: string;
  readonly severity: ChangeSeverity;
  /** Whether the tool may do more than it could before. */
  readonly security: boolean;
  readonly before: Json;
  readonly after: Json;
  readonly message: string;
}

/** A change of what people and models read. */
export interface TextChange {
  readonly rule: 'title.changed' | 'description.changed';
  readonly severity: ChangeSeverity;
  readonly before: string | null;
  readonly after: string | null;
  readonly message: string;
}

/** What differs between two versions of a tool; what does not differ is left out. */
export interface ToolComparison {
  readonly change: 'changed' | 'same';
  readonly input?: SchemaComparison;
  readonly output?: SchemaComparison;
  readonly annotations?: readonly AnnotationChange[];
  readonly text?: readonly TextChange[];
}

/**
 * Compares two versions of a tool: its schemas, each in the direction in which it breaks, the effective annotations, and
 * the texts. The order of keys does not count.
 */
export function compareTools(
  before: Tool,
  after: Tool,
  options: ToolComparisonOptions = {},
): ToolComparison {
  return createToolComparer(options)(before, after);
}

/** {@link compareTools} for many tools. */
export function createToolComparer(
  options: ToolComparisonOptions,
): (before: Tool, after: Tool) => ToolComparison {
  const compare = createSchemaComparer(options);
  return (before, after) => {
    if (contentOf(before) === contentOf(after)) return { change: 'same' };
    const input = compareSides(before.inputSchema, after.inputSchema, 'input', compare);
    const output = compareSides(before.outputSchema, after.outputSchema, 'output', compare);
    const annotations = compareAnnotations(before, after);
    const text = compareTexts(before, after);
    const found = {
      ...(input !== undefined && { input }),
      ...(output !== undefined && { output }),
      ...(annotations.length > 0 && { annotations }),
      ...(text.length > 0 && { text }),
    };
    return { change: Object.keys(found).length === 0 ? 'same' : 'changed', ...found };
  };
}

function contentOf({ server: _server, name: _name, rest, ...content }: Tool): string {
  const execution = ownValue(rest, 'execution') ?? null;
  return canonicalJson({ ...content, execution } as unknown as Json);
}

type Compare = ReturnType<typeof createSchemaComparer>;

function compareSides(
  before: Json | undefined,
  after: Json | undefined,
  direction: Direction,
  compare: Compare,
): SchemaComparison | undefined {
  if (before === undefined && after === undefined) return undefined;
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after))
    return undefined;
  const { verdict, changes } = compare(before ?? true, after ?? true, direction);
  const said = [
    ...rootChanges(before, after, direction),
    ...(before === undefined || after === undefined
      ? [presenceChange(direction, after !== undefined, changes)]
      : changes),
  ];
  if (verdict === 'compatible' && said.length === 0) return undefined;
  const isRefused = said.some(
    ({ rule, severity }) => rule === 'schema.root-not-object' && severity === 'breaking',
  );
  return { verdict: isRefused && verdict === 'compatible' ? 'unknown' : verdict, changes: said };
}

/** Where one side has no schema, one change says so, with the witness of all. */
function presenceChange(
  direction: Direction,
  isThere: boolean,
  changes: readonly SchemaChange[],
): SchemaChange {
  const severity: ChangeSeverity = (direction === 'output') === isThere ? 'info' : 'breaking';
  const shown = changes.find((change) => change.witness !== undefined);
  const keyword = changes.find((change) => change.keyword !== undefined)?.keyword;
  return {
    rule: `${direction}Schema.${isThere ? 'appeared' : 'disappeared'}`,
    severity,
    path: '',
    message: `there is ${isThere ? 'an' : 'no'} ${direction} schema now`,
    ...(shown?.witness !== undefined && { witness: shown.witness }),
    ...(keyword !== undefined && { keyword }),
  };
}

/** Clients refuse a whole list of tools for one whose input schema is not of type object. */
function rootChanges(
  before: Json | undefined,
  after: Json | undefined,
  direction: Direction,
): SchemaChange[] {
  if (direction === 'output' || isObjectRoot(after)) return [];
  const wasObject = isObjectRoot(before);
  return [
    {
      rule: 'schema.root-not-object',
      severity: wasObject ? 'breaking' : 'warning',
      path: '/type',
      message:
        'the type of an input schema must be "object"; clients refuse the whole list of tools otherwise',
    },
  ];
}

function isObjectRoot(schema: Json | undefined): boolean {
  return isObject(schema) && ownValue(schema, 'type') === 'object';
}

const hints = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

/** The value of each hint that lets a tool do more. */
const wider = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
} as const;

const meanings = {
  readOnlyHint: ['it only reads now', 'it no longer only reads'],
  destructiveHint: ['it may destroy now', 'it no longer destroys'],
  idempotentHint: [
    'calling it again changes nothing more now',
    'calling it again may change more now',
  ],
  openWorldHint: ['it reaches out now', 'it no longer reaches out'],
} as const;

function compareAnnotations(before: Tool, after: Tool): AnnotationChange[] {
  const old = effectiveAnnotations(before);
  const recent = effectiveAnnotations(after);
  const changes: AnnotationChange[] = hints
    .filter((hint) => old[hint] !== recent[hint])
    .map((hint) => {
      const isWider = recent[hint] === wider[hint];
      const security = isWider && (hint === 'readOnlyHint' || hint === 'destructiveHint');
      return {
        rule: `annotations.${hint}.changed`,
        severity: security ? 'warning' : 'info',
        security,
        before: old[hint],
        after: recent[hint],
        message: meanings[hint][recent[hint] ? 0 : 1],
      };
    });
  const taskBefore = taskSupportOf(before);
  const taskAfter = taskSupportOf(after);
  if (taskBefore !== taskAfter)
    changes.push({
      rule: 'execution.taskSupport.changed',
      severity: taskAfter === 'required' || taskBefore === 'required' ? 'warning' : 'info',
      security: false,
      before: taskBefore,
      after: taskAfter,
      message: `running it as a task was ${taskBefore}, and is ${taskAfter} now`,
    });
  return changes;
}

/** Whether a tool may, must or must not be run as a task; the protocol's default is `forbidden`. */
function taskSupportOf({ rest }: Tool): string {
  const execution = ownValue(rest, 'execution');
  const support = isObject(execution) ? ownValue(execution, 'taskSupport') : undefined;
  return typeof support === 'string' ? support : 'forbidden';
}

function compareTexts(before: Tool, after: Tool): TextChange[] {
  const changes: TextChange[] = [];
  const titles = [titleOf(before), titleOf(after)] as const;
  if (titles[0] !== titles[1])
    changes.push({
      rule: 'title.changed',
      severity: 'info',
      before: titles[0],
      after: titles[1],
      message: 'the title changed',
    });
  const old = before.description ?? null;
  const recent = after.description ?? null;
  if (old !== recent)
    changes.push({
      rule: 'description.changed',
      severity: 'warning',
      before: old,
      after: recent,
      message: `the description ${old === null ? 'appeared' : recent === null ? 'disappeared' : 'changed'}`,
    });
  return changes;
}

/** The title that clients show: the tool's own, else that of its annotations. */
function titleOf({ title, annotations = {} }: Tool): string | null {
  const annotated = ownValue(annotations, 'title');
  return title ?? (typeof annotated === 'string' ? annotated : null);
}

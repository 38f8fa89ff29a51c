/** Which way values go: to the tool, whose callers a change may break, or from it, whose readers it may break. */
export type Direction = 'input' | 'output';

/**
 * How much a change weighs: it breaks callers or readers; it may surprise some of them; it breaks nobody; or that is
 * not decided.
 */
export type ChangeSeverity = 'breaking' | 'warning' | 'info' | 'unknown';

const letters = { E: 'breaking', W: 'warning', I: 'info', U: 'unknown' } as const;

/** The severities of each rule for input and for output. `U` is looked into, and stays where nothing can be proved. */
const table: Readonly<Record<string, `${keyof typeof letters} ${keyof typeof letters}`>> = {
  'type.narrowed': 'E I',
  'type.widened': 'I E',
  'type.changed': 'E E',
  'prop.added.required': 'E I',
  'prop.added.optional.closed': 'I E',
  'prop.added.optional.open': 'W W',
  'prop.removed.open': 'W W',
  'prop.removed.closed': 'E W',
  'prop.removed.required.open': 'W E',
  'prop.removed.required.closed': 'E E',
  'required.added': 'E I',
  'required.removed': 'I E',
  'additionalProperties.closed': 'E I',
  'additionalProperties.opened': 'I E',
  'enum.value.removed': 'E I',
  'enum.value.added': 'I W',
  'enum.introduced': 'E I',
  'enum.dropped': 'I E',
  'const.changed': 'E E',
  'bound.tightened': 'E I',
  'bound.loosened': 'I E',
  'bound.vacuous': 'W W',
  'multipleOf.tightened': 'E I',
  'multipleOf.loosened': 'I E',
  'multipleOf.changed': 'E E',
  'pattern.added': 'E I',
  'pattern.removed': 'I E',
  'pattern.changed': 'U U',
  'format.changed': 'W W',
  'dialect.changed': 'W W',
  'default.changed': 'W W',
  'description.changed': 'I I',
  'uniqueItems.added': 'E I',
  'uniqueItems.removed': 'I E',
  'anyOf.branch.removed': 'E I',
  'anyOf.branch.added': 'I E',
  'oneOf.branch.removed': 'E U',
  'oneOf.branch.added': 'U E',
};

/** The severity of a rule; `variant` tells cases of one rule apart. Rules that are not listed are looked into. */
export function severityOf(rule: string, direction: Direction, variant?: string): ChangeSeverity {
  const entry = table[variant === undefined ? rule : `${rule}.${variant}`] ?? 'U U';
  const letter = (direction === 'input' ? entry[0] : entry[2]) as keyof typeof letters;
  return letters[letter];
}

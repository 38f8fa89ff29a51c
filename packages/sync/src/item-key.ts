/** The name of a rule and one of its targets together, for lookups; neither holds a space. */
export function itemKey({
  rule,
  target,
}: {
  readonly rule: string;
  readonly target: string;
}): string {
  return `${rule} ${target}`;
}

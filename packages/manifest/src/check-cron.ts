const FIELDS = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12 },
  { name: 'day of the week', from: 0, to: 7 },
] as const;

/**
 * Says why a text is no schedule, or undefined: five fields of cron (minute, hour, day of the month,
 * month, day of the week) of numbers, `*`, ranges, lists and steps; or `off`.
 */
export function checkCron(text: string): string | undefined {
  if (text === 'off') return undefined;
  const parts = text.trim().split(/ +/);
  if (text.length > 200 || parts.length !== FIELDS.length)
    return 'must be five fields of cron, like "0 3 * * *", or off';
  for (const [i, field] of FIELDS.entries()) {
    const part = parts[i] ?? '';
    if (!part.split(',').every((item) => isWithin(item, field)))
      return `must have ${field.from} to ${field.to}, * or */N as its ${field.name}, got ${JSON.stringify(part)}`;
  }
  return undefined;
}

function isWithin(item: string, { from, to }: { from: number; to: number }): boolean {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(item);
  if (!match) return false;
  const [, first, last, step] = match;
  const low = first === undefined ? from : Number(first);
  const high = last === undefined ? (first === undefined ? to : low) : Number(last);
  return low >= from && high <= to && low <= high && (step === undefined || Number(step) > 0);
}

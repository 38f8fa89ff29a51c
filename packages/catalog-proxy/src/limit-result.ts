/** Whether a JSON value is longer than `limit` characters, give or take its punctuation; stops counting once it is. */
export function isLongerThan(value: unknown, limit: number): boolean {
  let size = 0;
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string') size += next.length + 2;
    else if (typeof next !== 'object' || next === null) size += 5;
    else
      for (const [key, part] of Object.entries(next)) {
        size += Array.isArray(next) ? 1 : key.length + 4;
        pending.push(part);
        if (size > limit) return true;
      }
    if (size > limit) return true;
  }
  return false;
}

/**
 * Moves each group of changed lines of one text to where it reads best, without changing what the script
 * does: a group that may stand in several places (its first line equals the line after it, or its last the
 * line before) is joined with the groups it meets on the way, then stands beside a change of the other
 * text if it can, else as far down as it goes.
 *
 * The flags are one longer than their text, the last always 0. Between two unchanged lines there is
 * exactly one group in each text, perhaps empty; `group` and `other` walk over them in step.
 */
export function slideChanges(ids: Int32Array, changed: Uint8Array, otherChanged: Uint8Array): void {
  const count = ids.length;
  const group = { start: 0, end: 0 };
  const other = { start: 0, end: 0 };
  extend(group, changed);
  extend(other, otherChanged);
  for (;;) {
    if (group.start < group.end) slideGroup(ids, changed, group, otherChanged, other);
    if (group.end >= count) return;
    // Up to the next change both texts only have empty groups: skip them at once.
    const next = changed.indexOf(1, group.end + 1);
    if (next < 0) return;
    const steps = next - group.end;
    advance(other, otherChanged, steps);
    group.start = next;
    group.end = next;
    extend(group, changed);
  }
}

interface Group {
  start: number;
  end: number;
}

function slideGroup(
  ids: Int32Array,
  changed: Uint8Array,
  group: Group,
  otherChanged: Uint8Array,
  other: Group,
): void {
  let size: number;
  let highestEnd: number;
  let beside: boolean;
  do {
    size = group.end - group.start;
    while (slideUp(ids, changed, group)) stepBack(other, otherChanged);
    highestEnd = group.end;
    beside = other.start < other.end;
    while (slideDown(ids, changed, group)) {
      advance(other, otherChanged, 1);
      if (other.start < other.end) beside = true;
    }
  } while (size !== group.end - group.start);
  if (group.end === highestEnd || !beside) return;
  while (other.start === other.end) {
    slideUp(ids, changed, group);
    stepBack(other, otherChanged);
  }
}

function slideUp(ids: Int32Array, changed: Uint8Array, group: Group): boolean {
  if (group.start === 0 || ids[group.start - 1] !== ids[group.end - 1]) return false;
  changed[--group.start] = 1;
  changed[--group.end] = 0;
  while (group.start > 0 && changed[group.start - 1] === 1) group.start--;
  return true;
}

function slideDown(ids: Int32Array, changed: Uint8Array, group: Group): boolean {
  if (group.end >= ids.length || ids[group.start] !== ids[group.end]) return false;
  changed[group.start++] = 0;
  changed[group.end++] = 1;
  extend(group, changed);
  return true;
}

function extend(group: Group, changed: Uint8Array): void {
  while (changed[group.end] === 1) group.end++;
}

/** Moves over `steps` unchanged lines, to the group after the last of them. */
function advance(group: Group, changed: Uint8Array, steps: number): void {
  for (let rest = steps; rest > 0; rest--) {
    group.start = group.end + 1;
    group.end = group.start;
    extend(group, changed);
  }
}

function stepBack(group: Group, changed: Uint8Array): void {
  group.end = group.start - 1;
  group.start = group.end;
  while (group.start > 0 && changed[group.start - 1] === 1) group.start--;
}

/** The value that a memo holds for a key, made on first use. */
export function remember<Key, Value>(memo: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = memo.get(key);
  if (known !== undefined) return known;
  const made = make();
  memo.set(key, made);
  return made;
}

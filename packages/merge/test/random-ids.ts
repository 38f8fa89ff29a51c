import { seededRandom } from './random-sides.js';

/** Two texts as line ids: random, repetitive or counted up, the second mostly made of the first by edits and moves. */
export function randomIds(seed: number, maxLines: number): [Int32Array, Int32Array] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = (choices: readonly number[]): number => choices[below(choices.length)]!;
  const classes = oneOf([1, 2, 3, 5, 14, 15, 30, 200, 5000, 1e6]);
  const period = 1 + below(20);
  const size = (): number => below(Math.min(maxLines, oneOf([3, 40, 300, maxLines, maxLines])));
  const line = (): number => below(classes);
  const text = (): number[] => {
    const kind = random();
    return Array.from({ length: size() }, (_, at) =>
      kind < 0.5 ? line() : kind < 0.7 ? at % period : at % classes,
    );
  };

  const a = text();
  const changed = random() * random();
  let b = random() < 0.25 ? text() : a.filter(() => random() > changed * 0.6);
  b = b.flatMap((id) =>
    random() < changed * 0.5 ? [line()] : random() < changed * 0.3 ? [id, line()] : [id],
  );
  for (let moves = oneOf([0, 0, 1, 5, 40]); moves > 0; moves--) {
    const moved = b.splice(below(b.length), below(oneOf([5, 60, 500])));
    b.splice(below(b.length), 0, ...moved);
  }
  if (random() < 0.2) {
    const inserted = text();
    a.splice(below(a.length), 0, ...inserted);
    if (random() < 0.5) b.splice(below(b.length), 0, ...inserted);
  }
  const texts: [Int32Array, Int32Array] = [Int32Array.from(a), Int32Array.from(b)];
  return random() < 0.5 ? texts : [texts[1], texts[0]];
}

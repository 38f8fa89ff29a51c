/**
 * Finds imports that lead upward between the folders of a package. Files beside the folders are below
 * all of them, but for the index, which is above.
 *
 * @param {ReadonlyMap<string, readonly string[]>} imports paths relative to the source folder
 * @param {readonly string[]} rooms folders, the lowest first; empty: every import is well
 * @returns {{ from: string, to: string }[]}
 */
export function findUpwardImports(imports, rooms) {
  if (rooms.length === 0) return [];
  const heightOf = (file) => {
    if (file === 'index.ts') return rooms.length;
    const [folder, rest] = file.split('/', 2);
    const room = rooms.indexOf(folder);
    if (rest !== undefined && room === -1)
      throw new Error(`${file}: name the room ${folder} in check-imports.js, at its height`);
    return rest === undefined ? -1 : room;
  };
  return [...imports].flatMap(([from, files]) =>
    files.filter((to) => heightOf(to) > heightOf(from)).map((to) => ({ from, to })),
  );
}

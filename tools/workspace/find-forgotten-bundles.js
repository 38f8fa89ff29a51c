/**
 * Names the changesets that change a library which the command line bundles, without a new version of the
 * command line: its users would go on running the old library.
 *
 * @param {readonly { name: string, dependencies?: object, devDependencies?: object }[]} packages
 * @param {readonly { file: string, text: string }[]} changesets
 * @returns {{ file: string, library: string }[]}
 */
export function findForgottenBundles(packages, changesets) {
  const byName = new Map(packages.map((manifest) => [manifest.name, manifest]));
  const bundled = new Set();
  const collect = (dependencies) => {
    for (const name of Object.keys(dependencies ?? {})) {
      if (!byName.has(name) || bundled.has(name)) continue;
      bundled.add(name);
      collect(byName.get(name).dependencies);
    }
  };
  // A bundle's libraries are built in: its manifest lists them beside its tools.
  collect(byName.get('holdfast')?.devDependencies);

  return changesets.flatMap(({ file, text }) => {
    const named = readNames(text);
    const library = named.find((name) => bundled.has(name));
    return library === undefined || named.includes('holdfast') ? [] : [{ file, library }];
  });
}

/** The packages in the front matter of a changeset. */
function readNames(text) {
  const [, frontMatter = ''] = /^---\n([\s\S]*?)\n---/.exec(text) ?? [];
  return [...frontMatter.matchAll(/^['"]?([^'":\n]+)['"]?\s*:/gm)].map(([, name]) => name);
}

/**
 * The first code of a README that a reader may copy and run, and what the README says that it prints.
 *
 * @param {string} readme
 * @returns {{ code: string, output: string | undefined } | undefined} undefined where there is no such code
 */
export function readSnippet(readme) {
  const [, , code, after] = /^(`{3,4})(?:js|ts)\n(.*?)^\1\n(.*)$/ms.exec(readme) ?? [];
  if (code === undefined) return undefined;
  const [, output] = /^(?:\s*|\s*prints\s+)```text\n(.*?)^```$/ms.exec(after) ?? [];
  return { code, output };
}

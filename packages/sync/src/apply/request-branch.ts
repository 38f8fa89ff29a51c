/** The branch of a change request: `NAMESPACE-sync/VERSION/` and the rule's group, or else its id. */
export function requestBranch(
  namespace: string,
  version: string,
  { id, group = id }: { readonly id: string; readonly group?: string },
): string {
  return `${namespace}-sync/${version}/${group}`;
}

/** What every request branch of a namespace begins with. */
export function requestBranchPrefix(namespace: string): string {
  return `${namespace}-sync/`;
}

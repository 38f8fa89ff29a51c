/** The branch of a change request: `NAMESPACE-sync/VERSION/RULE-ID`. */
export function requestBranch(namespace: string, version: string, rule: string): string {
  return `${namespace}-sync/${version}/${rule}`;
}

/** What every request branch of a namespace begins with. */
export function requestBranchPrefix(namespace: string): string {
  return `${namespace}-sync/`;
}

/** Where change requests live: GitHub, GitLab, or the embedded forge beside the repository. */
export type ForgeKind = 'embedded' | 'github' | 'gitlab';

/** The forge that a location suggests: by its host for github.com and gitlab.com, else the embedded one. */
export function forgeOf(location: string): ForgeKind {
  const host = /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?([^/:]+)[/:]/i.exec(location)?.[1]?.toLowerCase();
  const remote = /^[a-z]+:\/\//i.test(location) || /^[^/:]+:/.test(location);
  if (!remote || !host) return 'embedded';
  if (/^(ssh\.|www\.)?github\.com$/.test(host)) return 'github';
  if (/^(altssh\.|www\.)?gitlab\.com$/.test(host)) return 'gitlab';
  return 'embedded';
}

/** Where change requests live: GitHub, GitLab, Forgejo, or the embedded forge beside the repository. */
export type ForgeKind = 'embedded' | 'github' | 'gitlab' | 'forgejo';

const hosts: readonly (readonly [RegExp, ForgeKind])[] = [
  [/^(?:ssh\.|www\.)?github\.com$/, 'github'],
  [/^(?:altssh\.|www\.)?gitlab\.com$/, 'gitlab'],
  [/^(?:www\.)?codeberg\.org$/, 'forgejo'],
];

/** The forge that a location suggests: by its host where that is a known one, else the embedded one. */
export function forgeOf(location: string): ForgeKind {
  const host = hostOf(location);
  return hosts.find(([pattern]) => host !== undefined && pattern.test(host))?.[1] ?? 'embedded';
}

/** The host of a remote location, in lower case and without a port; undefined for a local path. */
export function hostOf(location: string): string | undefined {
  const host = /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^/:]+)[/:]/i.exec(location)?.[1];
  const remote = /^[a-z]+:\/\//i.test(location) || /^[^/:]+:/.test(location);
  return remote ? host?.toLowerCase() : undefined;
}

import {
  createLinkMap,
  type LinkMap,
  type TransformContext,
  type TransformFile,
} from '../../src/index.js';

/** A context whose parts can be replaced. */
export function contextFor(parts: Partial<TransformContext> = {}): TransformContext {
  const sourcePath = parts.sourcePath ?? 'core/guide/START.md';
  return {
    sourcePath,
    targetPath: sourcePath.replace(/^core\//, 'docs/'),
    variables: {},
    source: {
      name: 'org/core',
      version: 'v1.2.0',
      commit: '1111111111111111111111111111111111111111',
      url: 'https://example.org/org/core.git',
    },
    target: { repo: 'org/web', branch: 'main' },
    ruleId: 'web-docs',
    links: emptyLinks,
    ...parts,
  };
}

/** A map of a source without files. */
export const emptyLinks: LinkMap = createLinkMap({ deliveries: [], sourcePaths: [] });

/** A regular file of a text. */
export function fileOf(text: string, path = 'core/guide/START.md'): TransformFile {
  return { path, content: new TextEncoder().encode(text), mode: '100644' };
}

/** The text of a file, a byte order mark included. */
export function textOf({ content }: { content: Uint8Array }): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
}

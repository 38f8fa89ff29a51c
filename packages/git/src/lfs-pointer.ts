const LFS_HEADER = 'version https://git-lfs.github.com/spec/v1\n';

/**
 * Whether a blob is a Git LFS pointer (the file format of the git-lfs specification, version 1):
 * less than 1024 bytes, the version line first, then an `oid` and a `size`.
 */
export function isLfsPointer(content: Uint8Array): boolean {
  if (content.length >= 1024 || content.length < LFS_HEADER.length) return false;
  const text = Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1');
  return (
    text.startsWith(LFS_HEADER) &&
    /^oid sha256:[0-9a-f]{64}$/m.test(text) &&
    /^size \d+$/m.test(text)
  );
}

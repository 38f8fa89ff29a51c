import { expect, test } from 'vitest';
import { isLfsPointer } from './lfs-pointer.js';

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0a'.repeat(32)}\nsize 5\n`;

test.each([
  ['a pointer', pointer, true],
  ['a pointer with an extension', pointer.replace('oid', 'ext-0-x sha256:aa\noid'), true],
  ['a pointer without a size', pointer.replace('size 5\n', ''), false],
  ['text about pointers', `# LFS\n\n${pointer}`, false],
  ['a long file that begins so', pointer + 'x'.repeat(1000), false],
  ['nothing', '', false],
])('%s: %j', (_name, content, expected) => {
  expect(isLfsPointer(Buffer.from(content))).toBe(expected);
});

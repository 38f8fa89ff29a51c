import type { SecretRule } from './secret-rule.js';

/** Marks by which authors say that a text stays inside. */
export const internalRules: readonly SecretRule[] = [
  {
    id: 'internal-marker',
    name: 'a comment that marks the text as internal',
    keywords: ['<!--'],
    pattern:
      /<!--\s{0,10}(?:begin[ :_-])?(?:internal|confidential|private|do[ -]not[ -](?:publish|distribute|sync))(?:[ _-]only)?(?![\w-])[^>]{0,200}-->/iy,
    accept: () => true,
  },
  {
    id: 'internal-marker',
    name: 'a banner that marks the text as internal',
    keywords: [
      'INTERNAL USE ONLY',
      'INTERNAL ONLY',
      'INTERNAL-ONLY',
      'COMPANY CONFIDENTIAL',
      'STRICTLY CONFIDENTIAL',
      'DO NOT DISTRIBUTE',
      'NOT FOR EXTERNAL',
      'NOT FOR PUBLIC',
    ],
    pattern:
      /(?:(?<![A-Za-z][ \t]{1,3})INTERNAL(?: USE ONLY|[ -]ONLY)|(?:COMPANY|STRICTLY) CONFIDENTIAL|DO NOT DISTRIBUTE|NOT FOR (?:EXTERNAL|PUBLIC) (?:USE|RELEASE|DISTRIBUTION))(?!\w)/y,
    accept: () => true,
  },
  {
    id: 'internal-marker',
    name: 'front matter that marks the file as internal',
    keywords: ['visibility:', 'audience:', 'classification:', 'distribution:'],
    pattern:
      /(?<=^---\r?\n(?:[^\r\n]{0,200}\r?\n){0,40})(?:visibility|audience|classification|distribution):[ \t]{0,5}["']?(?:internal|internal[ -]only|private|confidential|restricted)["']?[ \t]{0,20}(?=[\r\n])/iy,
    accept: () => true,
  },
];

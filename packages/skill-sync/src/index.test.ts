import { expect, test } from 'vitest';
import * as skillSync from './index.js';
import * as markdown from './markdown/index.js';

test('the public names', () => {
  expect(Object.keys(skillSync).sort()).toEqual([
    'SkillSyncError',
    'absorbSkill',
    'describeSkills',
    'discoverSkills',
    'formatStateLine',
    'generateSkill',
    'generateSkills',
    'joinPatterns',
    'locateStore',
    'matchesPattern',
    'openStore',
    'parseStateLines',
    'parseSyncManifest',
    'publishedOutputRoot',
    'recordFolder',
    'skillFolders',
    'splitPatterns',
    'watchStore',
    'writeShim',
  ]);
  expect(Object.keys(markdown).sort()).toEqual([
    'escapeBlock',
    'escapeCell',
    'escapeInline',
    'quoteBlock',
    'renderFrontMatter',
    'renderSections',
    'renderTable',
    'unescapeBlock',
    'unescapeInline',
    'unquoteBlock',
  ]);
});

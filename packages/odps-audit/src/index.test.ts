import { expect, it } from 'vitest';
import * as odpsAudit from './index.js';

it('exports exactly what the README names', () => {
  expect(Object.keys(odpsAudit).sort()).toEqual([
    'PlatformError',
    'applyFix',
    'artifactNames',
    'audit',
    'auditConfigFile',
    'checkFiles',
    'chooseConnection',
    'createPlatformClient',
    'createSchemaLibrary',
    'createSourceFile',
    'findProjects',
    'fixArtifactTitles',
    'formatAudit',
    'isRuleId',
    'markOf',
    'planFix',
    'readAuditConfig',
    'readGit',
    'readPlatform',
    'readProject',
    'readSourceFile',
    'reportFix',
    'rules',
  ]);
});

import { expect, test } from 'vitest';
import * as manifest from './index.js';

test('the public names', () => {
  expect(Object.keys(manifest).sort()).toMatchInlineSnapshot(`
    [
      "CATALOGUE_MANIFEST",
      "ManifestError",
      "checkGlob",
      "checkPath",
      "checkRules",
      "compareManifest",
      "compileGlob",
      "compileSelection",
      "configurationJsonSchema",
      "findPathCollisions",
      "forgeOf",
      "formatFindings",
      "globBase",
      "hashBlob",
      "hashSha256",
      "hintName",
      "hostOf",
      "manifestJsonSchema",
      "mapDeliveredPath",
      "overridePath",
      "overrideRoot",
      "parseCatalogueManifest",
      "parseConfiguration",
      "parseManifest",
      "parseRules",
      "ruleJsonSchema",
      "ruleStatePaths",
      "serializeCatalogueManifest",
      "serializeManifest",
      "targetRules",
      "waveTargets",
    ]
  `);
});

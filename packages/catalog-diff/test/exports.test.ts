import { expect, test } from 'vitest';
import * as adopt from '../src/adopt/index.js';
import * as models from '../src/models/index.js';
import * as render from '../src/render/index.js';
import * as snapshots from '../src/snapshots/index.js';
import * as testing from '../src/testing/index.js';

test('exports of the subpaths', () => {
  const entries = Object.entries({ adopt, models, render, snapshots, testing });
  expect(
    Object.fromEntries(
      entries.map(([name, library]) => [name, Object.keys(library).sort().join(' ')]),
    ),
  ).toMatchInlineSnapshot(`
    {
      "adopt": "adopt adoptAll emptyStatus phases pruneStatus renderedEvents stateOfPhase switchesOf",
      "models": "compareModels readModels sentenceOf",
      "render": "aggregateServer expectedLive hashDescriptors keepAdopted overrideTool readSource renderCatalog verifyCatalog",
      "snapshots": "CatalogError DiscoveredServer SettledTool StateStore ToolStatus hashSchema hashSchemas hashTools loadSources readArtifact readArtifactFile readJsonFile serialize writeFileAtomically",
      "testing": "assertCatalogsMatch diffCatalogs loadDescriptors loadIntended loadLive",
    }
  `);
});

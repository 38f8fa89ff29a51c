import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  linkIntegrityCheck,
  schemaCheck,
  secretScanCheck,
  validate,
  type ValidationFile,
} from '../src/index.js';
import { context, hasSharedData, readFolder, readRelease, sharedData } from './files.js';

/** The links that lead nowhere in the upstream's own tree, each looked up by hand; the same at every release. */
const brokenLinks: Record<string, readonly string[]> = {
  'core/INDEX.md': [
    ...[
      '../docs/phase-planning.md',
      '../docs/phases/README.md',
      'research/agentic-orchestration-trends-2025H2.md',
    ],
    ...['research/06-SECURITY-ANALYSIS.md', 'research/07-FEATURE-PARITY.md', 'phases/README.md'],
    ...[
      'arch/orchestrator-briefing.md',
      'arch/next-session.md',
      'research/05-FEATURE-COMPARISON-MATRIX.md',
    ],
    ...engineDocs(),
  ],
  'core/ORCHESTRATION_INDEX.md': engineDocs(),
};

function engineDocs(): string[] {
  const names =
    'getting-started architecture api-reference workflow-guide agent-guide security-guide integration-guide cli-reference use-cases orchestration-mapping feature-roadmap';
  return names.split(' ').map((name) => `../engine/docs/${name}.md`);
}

/** What does not parse there: prose in the dress of YAML, and a workflow whose text was replaced by a note. */
const brokenData = [
  'core/orchestrator/TOOL_REGISTRY_CHANGE_CONTROL.md:220 the block does not parse: *.md is an alias, and nothing before it has the anchor &.md; quote it if it is text: "*.md"',
  'core/orchestrator/agent-protocols/AGENT_HANDOFF_PROTOCOL.md:327 the block does not parse: implicit keys need to be on a single line',
  'core/orchestrator/agent-protocols/AGENT_HANDOFF_PROTOCOL.md:342 the block does not parse: implicit map keys need to be followed by map values',
  'core/orchestrator/agent-protocols/COMMUNICATION_FLOW_SCHEMA.md:232 the block does not parse: unexpected scalar at node end',
  'core/workflows/workflows/dotnet-build.yml:3 the file does not parse: unexpected alias at node end',
];

describe.each(['v2.2.0', 'v2.3.0', 'v2.3.1', 'v2.4.0', 'v2.5.0'])(
  'the real upstream at %s',
  (tag) => {
    it('has exactly the broken links that are known, no secret, and schemas that compile', async () => {
      if (!hasSharedData) return;
      const report = await validate(
        readRelease(tag),
        [linkIntegrityCheck(), schemaCheck(), secretScanCheck()],
        context,
      );
      const broken = Map.groupBy(
        report.findings.filter(({ check }) => check === 'link_integrity'),
        ({ path }) => path,
      );
      const urls = [...broken].map(([path, findings]) => [
        path,
        findings.map(({ data }) => data?.['url']),
      ]);
      expect(Object.fromEntries(urls)).toEqual(brokenLinks);
      expect(report.findings.filter(({ check }) => check === 'secret_scan')).toEqual([]);
      const data = report.findings.filter(
        ({ check, severity }) => check === 'schema_check' && severity === 'error',
      );
      expect(
        data.map(({ path, range, message }) => `${path}:${range?.start.line} ${message}`),
      ).toEqual(brokenData);
      expect(report.sync_validation.checks.map(({ details }) => details)).toMatchObject([
        '31 broken links, 118 links checked',
        expect.stringMatching(
          /^5 errors, 3 schemas validated, 4 documents checked against a schema, 322 documents parsed, 11 template blocks not parsed$/,
        ),
        '0 violations',
      ]);
    });
  },
);

describe('the data product standards', () => {
  const root = join(sharedData, 'odps');

  /** Each example with the schema of the version that it declares. */
  function bind(files: readonly ValidationFile[]) {
    return files
      .filter(({ path }) => path.startsWith('examples/') && /\.ya?ml$/.test(path))
      .flatMap(({ path, content }) => {
        const schema = schemaFor(path, Buffer.from(content).toString());
        return schema === undefined
          ? []
          : [{ files: (other: string) => other === path, schema: `schemas/${schema}` }];
      });
  }

  function schemaFor(path: string, text: string): string | undefined {
    const version = /^apiVersion: *"?(v[\d.]+)/m.exec(text)?.[1];
    if (path.includes('odcs-bitol')) return `odcs-json-schema-${version}.json`;
    if (path.includes('odps-bitol')) return `odps-json-schema-${version}.json`;
    if (path.includes('odps-opendataproducts')) return 'opendataproducts-odps-v4.1.json';
    return path.endsWith('dataproduct.yml')
      ? 'entropy-dataproduct-specification-0.0.1.json'
      : undefined;
  }

  it('compile, and each example is judged by the version that it declares', async () => {
    if (!hasSharedData) return;
    const files = readFolder(root).filter(({ path }) => /^(?:schemas|examples)\//.test(path));
    const report = await validate(files, [schemaCheck({ schemas: bind(files) })], context);
    const wrong = Map.groupBy(report.findings, ({ path }) => path);
    expect(
      Object.fromEntries(
        [...wrong].map(([path, findings]) => [path.replace('examples/', ''), findings.length]),
      ),
    ).toMatchInlineSnapshot(`
      {
        "odcs-bitol/data-types/all-data-types.odcs.yaml": 5,
        "odcs-bitol/quality/column-completeness.odcs.yaml": 1,
        "odcs-bitol/stakeholders/basic-four-dpo.odcs.yaml": 1,
        "odps-bitol/customer-data-product.odps.yaml": 8,
        "odps-opendataproducts-v4.1/datacontract-url.yml": 1,
        "odps-opendataproducts-v4.1/purpose-analytical-product.yml": 14,
        "odps-opendataproducts-v4.1/urbanpulse_basic.yml": 4,
        "odps-opendataproducts-v4.1/urbanpulse_final.yml": 7,
      }
    `);
    expect([...wrong.keys()].filter((path) => path.startsWith('schemas/'))).toEqual([]);
    expect(report.sync_validation.checks[0]?.details).toMatch(
      /^41 errors, 17 schemas validated, 25 documents checked/,
    );
    expect(
      readdirSync(join(root, 'schemas')).filter((name) => /\.(?:json|yaml)$/.test(name)),
    ).toHaveLength(17);
  });
});

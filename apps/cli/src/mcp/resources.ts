import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfiguration } from '@holdfast/fleet';
import { ruleStatePaths } from '@holdfast/manifest';
import { ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import type { CommandContext } from '../command-result.js';
import { withFleet } from '../open-fleet.js';
import { ANSWERS } from './session.js';
import type { Session } from './session.js';

const json = 'application/json';
const yaml = 'application/yaml';

/** What can be read: configuration, rules, manifests, plans that were shown, answers that were cut. */
export function addResources(
  server: McpServer,
  { context, session }: { readonly context: CommandContext; readonly session: Session },
): void {
  const { cwd } = context.surroundings;

  server.registerResource(
    'configuration',
    'holdfast://configuration',
    { title: 'Configuration', description: 'holdfast.yaml as it stands', mimeType: yaml },
    async ({ href }) => {
      const { folder } = await readConfiguration(cwd, context.config);
      const text = await readFile(join(folder, context.config ?? 'holdfast.yaml'), 'utf8');
      return { contents: [{ uri: href, mimeType: yaml, text }] };
    },
  );

  server.registerResource(
    'rules',
    'holdfast://rules',
    { title: 'Rules', description: 'every rule as it is read, with defaults', mimeType: json },
    async ({ href }) => {
      const { rules } = await readConfiguration(cwd, context.config);
      const text = JSON.stringify(
        rules.map(({ file, rule }) => ({ file, ...rule })),
        null,
        2,
      );
      return { contents: [{ uri: href, mimeType: json, text }] };
    },
  );

  server.registerResource(
    'manifest',
    new ResourceTemplate('holdfast://manifests/{target}/{rule}', { list: undefined }),
    {
      title: 'Manifest',
      description: 'what was delivered to a target under a rule; / in a name is %2F',
      mimeType: json,
    },
    async ({ href }, variables) => {
      const target = decodeURIComponent(String(variables['target']));
      const rule = decodeURIComponent(String(variables['rule']));
      const text = await readManifestText(context, target, rule);
      if (text === undefined) throw new ResourceNotFoundError(href);
      return { contents: [{ uri: href, mimeType: json, text }] };
    },
  );

  server.registerResource(
    'plan',
    new ResourceTemplate('holdfast://plans/{digest}', {
      list: () => ({
        resources: session.plans().map(({ digest }) => ({
          uri: `holdfast://plans/${digest}`,
          name: `plan ${digest.slice(0, 12)}`,
          mimeType: json,
        })),
      }),
    }),
    { title: 'Plan', description: 'a plan that was made here, by its digest', mimeType: json },
    ({ href }, variables) => {
      const text = session.plan(String(variables['digest']))?.text;
      if (text === undefined) throw new ResourceNotFoundError(href);
      return { contents: [{ uri: href, mimeType: json, text }] };
    },
  );

  server.registerResource(
    'answer',
    new ResourceTemplate(`${ANSWERS}{id}`, { list: undefined }),
    { title: 'Report', description: 'the whole of an answer that was cut', mimeType: json },
    ({ href }, variables) => {
      const text = session.answer(String(variables['id']));
      if (text === undefined) throw new ResourceNotFoundError(href);
      return { contents: [{ uri: href, mimeType: json, text }] };
    },
  );
}

async function readManifestText(
  context: CommandContext,
  target: string,
  rule: string,
): Promise<string | undefined> {
  return withFleet(context, async (fleet) => {
    const { configuration } = fleet;
    if (!configuration.targets[target]) return undefined;
    const { repository } = await fleet.openTarget(target);
    try {
      const branch =
        configuration.targets[target].branch ?? (await repository.defaultBranch()) ?? 'main';
      const head = await repository.resolveCommit(`refs/heads/${branch}`);
      if (!head) return undefined;
      const { entries } = await repository.readSnapshot(head.oid);
      const entry = entries.get(ruleStatePaths(configuration.namespace, rule).manifest);
      return entry && new TextDecoder().decode(await repository.readBlob(entry.oid));
    } finally {
      await repository.close();
    }
  });
}

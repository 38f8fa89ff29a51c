import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseServers } from '@holdfast/mcp-client';
import {
  CatalogError,
  readJsonFile,
  type DiscoveredServer,
} from '@holdfast/catalog-diff/snapshots';
import type { CatalogFolders } from '../catalog/catalog-settings.js';
import { openCatalog } from '../catalog/open-catalog.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { renderDiscovered } from '../render/catalog.js';

export interface DiscoverInput extends CatalogFolders {
  readonly reset?: true;
}

/** `holdfast catalog discover`: the servers that the configurations of common clients name. */
export async function catalogDiscover(
  context: CommandContext,
  input: DiscoverInput,
): Promise<CommandResult> {
  const { store, at } = openCatalog(context, input);
  const path = store.pathOf('discovered-servers');
  if (input.reset) {
    const wasThere = await store.remove('discovered-servers');
    return {
      exitCode: 0,
      document: { path, removed: wasThere },
      text: () => (wasThere ? `Removed ${path}.\n` : `There was no ${path}.\n`),
    };
  }
  const servers: DiscoveredServer[] = [];
  const problems: string[] = [];
  for (const { client, file } of configurations(context)) {
    try {
      const found = await readJsonFile(file);
      const reading = found && parseServers(found.value);
      if (reading?.kind !== 'read') continue;
      for (const one of reading.problems.map((problem) => `${file}: ${problem}`))
        problems.push(one);
      for (const [name, address] of reading.servers)
        servers.push(
          address.kind === 'stdio'
            ? {
                name,
                client,
                file,
                transport: 'stdio',
                command: address.command,
                args: address.args.map(withoutSecret),
                secrets: Object.keys(address.env),
              }
            : {
                name,
                client,
                file,
                transport: 'http',
                url: withoutCredentials(address.url),
                secrets: Object.keys(address.headers),
              },
        );
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      problems.push(error.message);
    }
  }
  await store.write('discovered-servers', {
    schemaVersion: 1,
    kind: 'discovered-servers',
    discoveredAt: at,
    servers,
  });
  return {
    exitCode: problems.length > 0 ? 1 : 0,
    document: { path, servers, problems },
    text: () => renderDiscovered(servers, problems, path),
  };
}

/** Where common clients keep their servers. */
function configurations({
  surroundings: { cwd, environment },
}: CommandContext): { client: string; file: string }[] {
  const home = environment['HOME'] || homedir();
  const config = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  return [
    { client: 'claude-code', file: join(cwd, '.mcp.json') },
    { client: 'claude-code', file: join(home, '.claude.json') },
    {
      client: 'claude-desktop',
      file: join(home, 'Library/Application Support/Claude/claude_desktop_config.json'),
    },
    { client: 'claude-desktop', file: join(config, 'Claude/claude_desktop_config.json') },
    {
      client: 'claude-desktop',
      file: join(
        environment['APPDATA'] || join(home, 'AppData/Roaming'),
        'Claude/claude_desktop_config.json',
      ),
    },
    { client: 'cursor', file: join(cwd, '.cursor/mcp.json') },
    { client: 'cursor', file: join(home, '.cursor/mcp.json') },
    { client: 'vscode', file: join(cwd, '.vscode/mcp.json') },
    { client: 'windsurf', file: join(home, '.codeium/windsurf/mcp_config.json') },
    { client: 'gemini', file: join(home, '.gemini/settings.json') },
  ];
}

/** A word of a command line without the value of an option that looks like a secret. */
function withoutSecret(word: string, at: number, words: readonly string[]): string {
  const isNamed = /^--?[\w-]*(?:token|key|secret|password|auth)[\w-]*$/i;
  if (at > 0 && isNamed.test(words[at - 1]!)) return '***';
  return word.replace(/^(--?[\w-]*(?:token|key|secret|password|auth)[\w-]*=).+$/i, '$1***');
}

function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  if (parsed.search !== '') parsed.search = '?***';
  return parsed.href;
}

import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import type { AnyCommand } from '../command.js';
import { toolName } from '../mcp/add-tool.js';
import { mcpServerFactory } from '../mcp/create-mcp-server.js';
import { createSession } from '../mcp/session.js';
import { readVersion } from '../read-version.js';

export interface McpInput {
  readonly readOnly?: true;
  readonly allow?: readonly string[];
  readonly http?: true;
  readonly port?: number;
}

/** `holdfast mcp`: serves the commands as tools, over stdio or HTTP, until the client goes or a signal comes. */
export async function serveMcp(context: CommandContext, input: McpInput): Promise<CommandResult> {
  const { surroundings } = context;
  const { commands } = await import('../commands/index.js');
  checkNames(input.allow ?? [], commands);
  await using session = createSession();
  const factory = mcpServerFactory({
    commands,
    context,
    session,
    version: readVersion(),
    readOnly: input.readOnly ?? false,
    ...(input.allow ? { allow: input.allow } : {}),
  });
  if (input.http) {
    const { serveHttp } = await import('../mcp/serve-http.js');
    const token = surroundings.environment['HOLDFAST_MCP_TOKEN'];
    const server = await serveHttp(factory, {
      port: input.port ?? 0,
      ...(token ? { token } : {}),
    });
    surroundings.stderr.write(`MCP server: ${server.url}\n`);
    if (!token) surroundings.stderr.write(`Token, for this run: ${server.token}\n`);
    await aborted(surroundings.signal);
    await server.close();
  } else {
    const { StdioServerTransport, serveStdio } = await import('@modelcontextprotocol/server/stdio');
    const transport = new StdioServerTransport(surroundings.stdin);
    const handle = serveStdio(factory, { transport });
    await Promise.race([
      aborted(surroundings.signal),
      new Promise((resolve) => surroundings.stdin.once('close', resolve).once('end', resolve)),
    ]);
    await handle.close();
  }
  return { exitCode: 0, document: {}, text: () => '' };
}

function checkNames(allow: readonly string[], commands: readonly AnyCommand[]): void {
  const known = commands.filter(({ tool }) => tool !== false);
  const names = new Set(known.flatMap((command) => [command.name, toolName(command)]));
  const unknown = allow.find((name) => !names.has(name));
  if (unknown === undefined) return;
  throw new CliError('bad-argument', `--allow: there is no tool ${JSON.stringify(unknown)}`, {
    hint: `the tools are: ${known.map(toolName).join(', ')}`,
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}

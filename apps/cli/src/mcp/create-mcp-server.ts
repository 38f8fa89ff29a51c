import { randomBytes } from 'node:crypto';
import { createRequestStateCodec, McpServer } from '@modelcontextprotocol/server';
import type { CommandContext } from '../command-result.js';
import type { AnyCommand } from '../command.js';
import { addTool, toolName } from './add-tool.js';
import type { Asked } from './add-tool.js';
import { addPrompts } from './prompts.js';
import { addResources } from './resources.js';
import type { Session } from './session.js';

/** Which commands are offered, and how they run. */
export interface McpServerOptions {
  readonly commands: readonly AnyCommand[];
  readonly context: CommandContext;
  readonly session: Session;
  readonly version: string;
  /** Offers only what writes nothing. */
  readonly readOnly?: boolean;
  /** Offers only these tools, by their names or those of the commands. */
  readonly allow?: readonly string[];
}

const INSTRUCTIONS = `Holdfast keeps many repositories anchored to one source of truth. Each tool is a command of the command line and gives its --json document. Look first (status, drift, why, plan); to write, call plan, show it to the person, and give sync the digest that plan returned: exactly that is applied. Stop at conflicts and let a person decide.`;

/** How long a yes may take, in seconds. */
const CONFIRM_SECONDS = 600;

/**
 * Makes the servers of one process: each connection, or each call over HTTP, gets one of the same
 * tools, resources and prompts.
 */
export function mcpServerFactory(options: McpServerOptions): () => Promise<McpServer> {
  const { commands, context, session, version, readOnly = false, allow } = options;
  const codec = createRequestStateCodec<Asked>({
    key: randomBytes(32),
    ttlSeconds: CONFIRM_SECONDS,
  });
  const offered = commands.filter(
    (command) =>
      command.tool !== false &&
      (!readOnly || command.effects.readOnly) &&
      (!allow || allow.includes(toolName(command)) || allow.includes(command.name)),
  );
  return async () => {
    const server = new McpServer(
      { name: 'holdfast', title: 'Holdfast', version },
      {
        instructions: INSTRUCTIONS,
        requestState: { verify: codec.verify },
      },
    );
    for (const command of offered) await addTool(server, command, { context, session, codec });
    addResources(server, { context, session });
    addPrompts(server);
    return server;
  };
}

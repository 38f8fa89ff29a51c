import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** What a person can ask for in one word. */
export function addPrompts(server: McpServer): void {
  server.registerPrompt(
    'explain_drift',
    {
      title: 'Explain this drift',
      description: 'Why a delivered file differs, who it concerns, and what the ways out are',
      argsSchema: z.object({
        target: z.string().optional().describe('the name of a target; default: all'),
      }),
    },
    ({ target }) =>
      ask(`Explain the drift ${target === undefined ? 'of the fleet' : `of ${target}`}.

1. Call the tool drift${target === undefined ? '' : ` with target ["${target}"]`}.
2. For each drifted file call why with its path, to learn which source file, release and rule it comes from.
3. Say for each file in one or two sentences what differs and what the next sync will do with it, as the tools say it.
4. Name the ways out: let sync merge it, move the change into an override, or bring it back into the source. Write nothing.`),
  );
  server.registerPrompt(
    'resolve_conflict',
    {
      title: 'Resolve this conflict',
      description: 'Both sides of a conflicting file, a proposal, and the command that records it',
      argsSchema: z.object({
        target: z.string().describe('the name of the target'),
        path: z.string().optional().describe('the file; default: all that conflict'),
      }),
    },
    ({ target, path }) =>
      ask(`Help a person decide the conflict ${path === undefined ? '' : `in ${path} `}of ${target}.

1. Call requests_show for ${target}, and why for the file, to see what both sides changed and from which release the upstream side comes.
2. Show both sides, say what each wants, and propose one text that keeps both where that can be.
3. Wait for the person's decision. Do not decide for them.
4. Call resolve with the path, the side or file that they chose, and their reason as the decision.`),
  );
}

function ask(text: string) {
  return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] };
}

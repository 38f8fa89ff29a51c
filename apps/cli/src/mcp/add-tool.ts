import { Readable } from 'node:stream';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
} from '@modelcontextprotocol/server';
import type {
  CallToolResult,
  McpServer,
  RequestStateCodec,
  ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { AnyCommand } from '../command.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { documentSchema, inputSchema } from '../command-schema.js';
import { renderError } from '../describe-error.js';
import { renderMarkup } from '../markup.js';
import { documentOf, performCommand } from '../perform-command.js';
import { redactDocument, redactOutput } from '../redact-output.js';
import { commandLine } from './command-line.js';
import { cutDocument } from './cut-document.js';
import type { Session } from './session.js';

/** Longer text is cut, with a link to the whole. */
const MAX_TEXT = 4_000;

/** Longer documents are cut at their lists. */
const MAX_DOCUMENT = 60_000;

const Confirmation = z.object({
  confirm: z.boolean().describe('yes: do it; no: leave everything as it is'),
});

const cutShape = {
  cut: z
    .array(z.object({ path: z.string(), of: z.int(), shown: z.int() }))
    .optional()
    .describe('lists that are shorter here than they are, by JSON pointer'),
  whole: z.string().optional().describe('the resource that holds the whole document'),
};

const digestInput = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional()
  .describe('apply exactly the plan that the tool plan returned with this digest');

type Input = Readonly<Record<string, unknown>>;

/** What was asked, as the answer to it bears it: signed, so that a yes counts for nothing else. */
export interface Asked {
  readonly line: string;
}

/** What tools are made with. */
export interface ToolSurroundings {
  readonly context: CommandContext;
  readonly session: Session;
  readonly codec: RequestStateCodec<Asked>;
}

/** The name of a command's tool: `requests_list`. */
export function toolName({ name }: Pick<AnyCommand, 'name'>): string {
  return name.replaceAll(/[ -]/g, '_');
}

/** Makes a tool of a command: the same input, the same document, and the truth about its effects. */
export async function addTool(
  server: McpServer,
  command: AnyCommand,
  { context, session, codec }: ToolSurroundings,
): Promise<void> {
  const input = inputSchema(command) as z.ZodObject;
  const document = await documentSchema(command);
  const { effects } = command;
  server.registerTool(
    toolName(command),
    {
      title: `holdfast ${command.name}`,
      description: describe(command),
      inputSchema: command.name === 'sync' ? withDigest(input) : input,
      ...(document
        ? {
            outputSchema: document.extend({
              ...cutShape,
              ...(command.name === 'plan' ? { digest: z.string().optional() } : {}),
            }),
          }
        : {}),
      annotations: {
        readOnlyHint: effects.readOnly,
        ...(effects.readOnly
          ? {}
          : { destructiveHint: effects.destructive, idempotentHint: effects.idempotent }),
        openWorldHint: true,
      },
    },
    async (given: Input, request: ServerContext) => {
      const { digest, ...own } = given;
      const kept = typeof digest === 'string' ? session.plan(digest) : undefined;
      if (digest !== undefined && !kept)
        return refusal(`no plan with the digest ${String(digest)} was made here; call plan first`);
      if (kept && Object.values(own).some((value) => value !== undefined && !isEmpty(value)))
        return refusal('a plan says itself what it is about; give its digest alone');
      const asked: Input = kept ? { rules: [], plan: kept.file } : own;
      const isConfirmed = !effects.readOnly && !kept && !isDry(asked);
      if (isConfirmed) {
        const question = await confirm(command, asked, { server, request, codec });
        if (question) return question;
      }
      // The command's own question has had its answer.
      const wanted = isConfirmed && command.options?.['yes'] ? { ...asked, yes: true } : asked;
      const out =
        command.name === 'plan' && own['out'] === undefined ? await session.planFile() : undefined;
      const result = await performCommand(
        command,
        contextOf(context, request),
        out === undefined ? wanted : { ...wanted, out },
      );
      const plan = out === undefined || result.error ? undefined : await session.keepPlan(out);
      const { environment } = context.surroundings;
      return answer(command, result, session, { digest: plan?.digest, environment });
    },
  );
}

function withDigest(input: z.ZodObject): z.ZodObject {
  return z.strictObject({ ...input.shape, digest: digestInput });
}

function describe({ name, summary, effects, examples = [] }: AnyCommand): string {
  const what = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  const care =
    name === 'sync'
      ? 'Call plan first and give its digest; otherwise a person is asked.'
      : effects.readOnly
        ? 'Writes nothing.'
        : 'A person is asked first.';
  const shown = examples.map(({ command, shows }) => `\`${command}\`: ${shows}`).join('; ');
  return [what, care, shown && `On the command line: ${shown}.`].filter(Boolean).join(' ');
}

/** Nothing to ask; or the question; or why it cannot be asked, or was answered with no. */
async function confirm(
  command: AnyCommand,
  input: Input,
  {
    server,
    request,
    codec,
  }: {
    readonly server: McpServer;
    readonly request: ServerContext;
    readonly codec: ToolSurroundings['codec'];
  },
) {
  const { inputResponses, envelope } = request.mcpReq;
  const line = commandLine(command, input);
  if (inputResponses !== undefined) {
    const given = acceptedContent(inputResponses, 'confirm', Confirmation);
    const asked = request.mcpReq.requestState<Asked>();
    if (given?.confirm !== true) return refusal(`the person said no to: ${line}`);
    return asked?.line === line
      ? undefined
      : refusal(`the yes was given to something else than: ${line}`);
  }
  // The current protocol says with each call what the client can; those before it said it once.
  const told = (envelope as Record<string, object | undefined> | undefined)?.[
    CLIENT_CAPABILITIES_META_KEY
  ];
  const capabilities = told ?? server.server.getClientCapabilities() ?? {};
  if (!('elicitation' in capabilities)) {
    return refusal(
      command.name === 'sync'
        ? 'call plan first, show it, and give sync its digest'
        : `this writes, and this client cannot ask a person; they can run it themselves: ${line}`,
    );
  }
  const loss =
    command.effects.readOnly || !command.effects.destructive
      ? ''
      : ' It can take away or overwrite what is there.';
  return inputRequired({
    requestState: await codec.mint({ line }),
    inputRequests: {
      confirm: inputRequired.elicit({
        message: `Run ${line}?${loss}`,
        requestedSchema: Confirmation,
      }),
    },
  });
}

function isDry(input: Input): boolean {
  return input['dryRun'] === true || input['check'] === true;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A command's surroundings within a call: nothing to read, nothing to print, cancelled with the call. */
function contextOf(context: CommandContext, request: ServerContext): CommandContext {
  const { surroundings } = context;
  const token = request.mcpReq._meta?.progressToken;
  return {
    ...context,
    surroundings: {
      ...surroundings,
      stdin: Readable.from([]),
      stdout: { write: () => undefined },
      signal: AbortSignal.any([surroundings.signal, request.mcpReq.signal]),
      onProgress: ({ done, total }) => {
        if (token === undefined) return;
        const params = { progressToken: token, progress: done, total };
        void request.mcpReq
          .notify({ method: 'notifications/progress', params })
          .catch(() => undefined);
      },
    },
  };
}

async function answer(
  command: AnyCommand,
  result: CommandResult,
  session: Session,
  {
    digest,
    environment,
  }: {
    readonly digest: string | undefined;
    readonly environment: CommandContext['surroundings']['environment'];
  },
): Promise<CallToolResult> {
  const whole = await redactDocument(
    { ...documentOf(command, result), ...(digest === undefined ? {} : { digest }) },
    environment,
  );
  const { document, cuts } = cutDocument(whole, MAX_DOCUMENT);
  const said = `${result.text()}${result.error ? renderError(result.error) : ''}`;
  const shown = await redactOutput(renderMarkup(said, { color: false }), environment);
  const isLong = shown.length > MAX_TEXT;
  const uri =
    isLong || cuts.length > 0 ? session.keepAnswer(JSON.stringify(whole, null, 2)) : undefined;
  const text = isLong ? `${shown.slice(0, MAX_TEXT)}\n… (cut; the whole is at ${uri})` : shown;
  return {
    content: [
      { type: 'text', text: text.trim() === '' ? `exit code ${result.exitCode}` : text },
      ...(digest === undefined ? [] : [{ type: 'text' as const, text: `plan digest: ${digest}` }]),
      ...(uri === undefined
        ? []
        : [
            {
              type: 'resource_link' as const,
              uri,
              name: `holdfast ${command.name}`,
              mimeType: 'application/json',
            },
          ]),
    ],
    structuredContent: {
      ...document,
      ...(cuts.length > 0 ? { cut: [...cuts], whole: uri } : {}),
    },
    // Without a document there is nothing of the output's shape.
    ...(result.exitCode >= 2 || (result.error && isEmptyDocument(result.document))
      ? { isError: true }
      : {}),
  };
}

function isEmptyDocument(document: object): boolean {
  return Object.keys(document).length === 0;
}

function refusal(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

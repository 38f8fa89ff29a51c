// The tools that the conformance suite of the protocol prescribes, over stdio, without any SDK.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const waiting = new Map();
let asked = 0;
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const text = (value) => ({ type: 'text', text: value });
const image = { type: 'image', data: png, mimeType: 'image/png' };
const resource = (uri, mimeType, content) => ({
  type: 'resource',
  resource: { uri, mimeType, text: content },
});

async function ask(method, params) {
  const id = `ask-${++asked}`;
  send({ id, method, params });
  const { result, error } = await new Promise((resolve) => waiting.set(id, resolve));
  if (error) throw new Error(error.message);
  return result;
}

async function elicit(message, properties, required = []) {
  const requestedSchema = { type: 'object', properties, required };
  const { action, content } = await ask('elicitation/create', { message, requestedSchema });
  return [text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)];
}

const choices = (keyword, values) => ({
  [keyword]: values.map((value) => ({ const: value, title: `Option ${value}` })),
});

const tools = {
  test_simple_text: () => [text('This is a simple text response for testing.')],
  test_image_content: () => [image],
  test_audio_content: () => [{ type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' }],
  test_embedded_resource: () => [
    resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
  ],
  test_multiple_content_types: () => [
    text('Multiple content types test:'),
    image,
    resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
  ],
  test_tool_with_logging: async () => {
    for (const data of ['started', 'processing data', 'completed']) {
      const params = { level: 'info', data: `Tool execution ${data}` };
      send({ method: 'notifications/message', params });
      await sleep(50);
    }
    return [text('done')];
  },
  test_error_handling: () => {
    throw new Error('This tool intentionally returns an error for testing');
  },
  test_tool_with_progress: async (_, progressToken) => {
    for (const progress of [0, 50, 100]) {
      const params = { progressToken, progress, total: 100 };
      if (progressToken !== undefined) send({ method: 'notifications/progress', params });
      await sleep(50);
    }
    return [text('done')];
  },
  test_sampling: async ({ prompt }) => {
    const messages = [{ role: 'user', content: text(prompt) }];
    const { content } = await ask('sampling/createMessage', { messages, maxTokens: 100 });
    return [text(`LLM response: ${content.text}`)];
  },
  test_elicitation: ({ message }) =>
    elicit(message, { username: { type: 'string' }, email: { type: 'string' } }, [
      'username',
      'email',
    ]),
  test_elicitation_sep1034_defaults: () =>
    elicit('defaults', {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
  test_elicitation_sep1330_enums: () =>
    elicit('enums', {
      untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      titledSingle: { type: 'string', ...choices('oneOf', ['value1', 'value2', 'value3']) },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: {
        type: 'array',
        items: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      },
      titledMulti: { type: 'array', items: choices('anyOf', ['value1', 'value2', 'value3']) },
    }),
  json_schema_2020_12_tool: () => [text('done')],
};

const schemas = {
  test_sampling: { properties: { prompt: { type: 'string' } }, required: ['prompt'] },
  test_elicitation: { properties: { message: { type: 'string' } }, required: ['message'] },
  json_schema_2020_12_tool: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: {
      address: {
        $anchor: 'addressDef',
        type: 'object',
        properties: { street: { type: 'string' }, city: { type: 'string' } },
      },
    },
    properties: {
      name: { type: 'string' },
      address: { $ref: '#/$defs/address' },
      contactMethod: { type: 'string', enum: ['phone', 'email'] },
      phone: { type: 'string' },
      email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }, {}] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    then: { required: ['phone'] },
    else: {},
    additionalProperties: false,
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  const { id, method, params } = message;
  if (method === undefined) {
    waiting.get(id)?.(message);
    waiting.delete(id);
  } else if (method === 'initialize')
    send({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {}, logging: {} },
        serverInfo: { name: 'conformance', version: '1' },
      },
    });
  else if (method === 'tools/list')
    send({
      id,
      result: {
        tools: Object.keys(tools).map((name) => ({
          name,
          description: `the suite's ${name}`,
          inputSchema: { type: 'object', properties: {}, ...schemas[name] },
        })),
      },
    });
  else if (method === 'tools/call')
    Promise.resolve()
      .then(() => tools[params.name](params.arguments ?? {}, params._meta?.progressToken))
      .then(
        (content) => send({ id, result: { content } }),
        (error) => send({ id, result: { content: [text(error.message)], isError: true } }),
      );
  else if (id !== undefined) send({ id, error: { code: -32601, message: 'Method not found' } });
});

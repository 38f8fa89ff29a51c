// A server over stdio that does what its first argument says, without any SDK.
import { createInterface } from 'node:readline';

const [, , mode] = process.argv;
const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const tool = (name, more = {}) => ({ name, inputSchema: { type: 'object' }, ...more });
let pages = 0;

const lists = {
  keys: () => ({
    tools: [
      tool('a', { unknownKey: { deep: [1] }, annotations: { oddHint: 7 } }),
      tool('__proto__'),
    ],
    extra: true,
  }),
  bad: () => ({
    tools: [tool('good'), { name: 'bad', inputSchema: { anyOf: [] } }, 7, tool('also')],
  }),
  empty: () => (pages === 1 ? { tools: [], nextCursor: 'p2' } : { tools: [tool('late')] }),
  repeated: () => ({ tools: [tool(`t${pages}`)], nextCursor: 'same' }),
  endless: () => ({ tools: [tool(`t${pages}`)], nextCursor: `p${pages}` }),
  nothing: () => ({}),
  changed: () => {
    send({ method: 'notifications/tools/list_changed' });
    return pages === 1 ? { tools: [tool('a')], nextCursor: 'p2' } : { tools: [tool('b')] };
  },
  noisy: () => {
    process.stdout.write('this is no message\n');
    return { tools: [tool('a')] };
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (mode === 'silent') return;
  if (method === 'initialize') {
    if (mode === 'secret') {
      process.stderr.write(`cannot log in with ${process.env.API_TOKEN}\n`);
      setTimeout(() => process.exit(3), 50);
      return;
    }
    send({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'odd', version: '1' },
        instructions: `the token is ${process.env.API_TOKEN}`,
      },
    });
  } else if (method === 'tools/list') {
    pages++;
    if (mode === 'dies' && pages === 2) process.exit(1);
    if (mode === 'stops' && pages === 2) return;
    if (mode === 'dies' || mode === 'stops')
      send({ id, result: { tools: [tool('first')], nextCursor: 'p2' } });
    else if (mode === 'refuses') send({ id, error: { code: -32603, message: 'no list today' } });
    else send({ id, result: lists[mode]() });
  } else if (id !== undefined) send({ id, error: { code: -32601, message: 'Method not found' } });
});

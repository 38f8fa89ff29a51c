import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { runBackend } from './backend-pool.js';

/** Answers a request of git's smart HTTP by `git http-backend`, as a web server would. */
export async function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  { root, url, user }: { root: string; url: URL; user: string },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const output = await runBackend({
    input: request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent,
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      REMOTE_USER: user,
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  const end = output.indexOf('\r\n\r\n');
  if (end === -1) return void response.writeHead(500).end();
  const headers = output
    .subarray(0, end)
    .toString()
    .split('\r\n')
    .map((line) => line.split(/:\s*/, 2) as [string, string]);
  const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
  response.writeHead(
    Number.parseInt(status, 10),
    Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== 'status')),
  );
  response.end(output.subarray(end + 4));
}

export {
  captureConnection,
  captureServer,
  explainFailure,
  type CaptureOptions,
  type CapturedServer,
} from './capture-server.js';
export { connectServer, type ConnectOptions, type ServerConnection } from './connect-server.js';
export { createValueRedactor } from './redact-secrets.js';
export { NoAnswerError, ServerError, type RequestOptions } from './raw-channel.js';
export {
  parseServers,
  type HttpServer,
  type ServerAddress,
  type ServersReading,
  type StdioServer,
} from './server-address.js';
export { listTools, type ToolList } from './list-tools.js';

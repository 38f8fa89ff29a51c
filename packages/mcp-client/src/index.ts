export { captureServer, type CaptureOptions, type CapturedServer } from './capture-server.js';
export { connectServer, type ServerConnection } from './connect-server.js';
export {
  parseServers,
  type HttpServer,
  type ServerAddress,
  type ServersReading,
  type StdioServer,
} from './server-address.js';
export { listTools, type ToolList } from './list-tools.js';

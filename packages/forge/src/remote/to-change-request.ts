import type { ChangeRequest, ListedRequest } from '../port/change-request.js';
import { ForgeError } from '../port/forge-error.js';
import { readCloseReason, withoutCloseReason } from './markers.js';
import type { RemoteApi, RemoteRequest } from './remote-api.js';

/** A request of a forge as the port shows it: our marks become fields. */
export function toChangeRequest({ body, ...request }: RemoteRequest): ChangeRequest {
  const closeReason = request.state === 'closed' ? readCloseReason(body) : undefined;
  return {
    ...request,
    body: withoutCloseReason(body),
    ...(closeReason === undefined ? {} : { closeReason }),
  };
}

/** The same without its text. */
export function toListedRequest(request: RemoteRequest): ListedRequest {
  const { body: _body, ...listed } = toChangeRequest(request);
  return listed;
}

/** Reads a request. @throws ForgeError `unknown-request` */
export async function requireRequest(api: RemoteApi, id: string): Promise<RemoteRequest> {
  const request = /^[1-9]\d{0,9}$/.test(id) ? await api.read(id) : undefined;
  if (request !== undefined) return request;
  throw new ForgeError('unknown-request', `${api.location}: no change request has the id "${id}"`, {
    hint: 'List the requests to see their ids.',
    data: { id },
  });
}

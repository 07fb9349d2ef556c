import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from '../util/errors.ts';
import { parseAddress } from '../wire/address/address.ts';
import { renderError } from '../wire/errors.ts';

/** What node's parser could not read has no path, so the OpenAI envelope goes for all of it. */
const NOWHERE = parseAddress('/');

/** Answers what is not HTTP enough to become a request; Fastify's own answer has no error object in it. */
export class ClientErrors {
  readonly #latest = new WeakMap<Socket, ServerResponse>();

  /** To be told of every request that there is. */
  note(response: ServerResponse): void {
    if (response.socket) this.#latest.set(response.socket, response);
  }

  /** Takes an error that Node's HTTP server emits as `clientError`, and closes the connection. */
  answer(error: Error & { readonly code?: string }, socket: Socket): void {
    // A connection that broke has been destroyed, or is about to be.
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (!this.#isAnswering(socket)) socket.write(toAnswer(error.code));
    socket.destroySoon();
  }

  /** A second answer would stand in the middle of the first, or behind it where nobody asked for one. */
  #isAnswering(socket: Socket): boolean {
    const response = this.#latest.get(socket);
    if (!response?.headersSent) return false;
    return !(response.writableFinished && response.req.complete);
  }
}

function toAnswer(code: string | undefined): string {
  const { statusLine, refusal } = toRefusal(code);
  const body = JSON.stringify(renderError(refusal, NOWHERE).body);
  const head = [
    `HTTP/1.1 ${statusLine}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function toRefusal(code: string | undefined): { readonly statusLine: string; readonly refusal: ApiError } {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        statusLine: '408 Request Timeout',
        refusal: new ApiError('request-timeout', 'The request took too long to arrive. Send it faster.'),
      };
    case 'HPE_HEADER_OVERFLOW':
      return {
        statusLine: '431 Request Header Fields Too Large',
        refusal: new ApiError('invalid-value', 'The address and headers of the request are too large.'),
      };
    default:
      return {
        statusLine: '400 Bad Request',
        refusal: new ApiError('invalid-value', 'The request is not well-formed HTTP.'),
      };
  }
}

import type { Socket } from 'node:net';
import { ApiError } from '../util/errors.ts';
import { parseAddress } from '../wire/address/address.ts';
import { renderError } from '../wire/errors.ts';

/** What node's parser could not read has no path, so the OpenAI envelope goes for all of it. */
const NOWHERE = parseAddress('/');

/**
 * Answers what is not HTTP enough to become a request, and closes the connection. Fastify's own answer has
 * no error object in it.
 */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const { statusLine, refusal } = toRefusal(error.code);
  const body = JSON.stringify(renderError(refusal, NOWHERE).body);
  const head = [
    `HTTP/1.1 ${statusLine}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
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

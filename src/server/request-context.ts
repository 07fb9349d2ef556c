import type { FastifyRequest } from 'fastify';
import type { Address } from '../wire/address/address.ts';
import { parseAddress } from '../wire/address/address.ts';
import type { Principal } from './auth/principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Which address form the request came by; decides the envelope of its errors. */
    address: Address;
    /** Who is asking; undefined on routes that anybody may call. */
    principal: Principal | undefined;
    /** Aborted when the client goes away before it has its answer. */
    gone: AbortController;
  }
}

/** @throws when a route without authentication asks. */
export function callerOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Error('The route asks for a caller and authenticates nobody.');
  return request.principal;
}

/** The address of a request that may have failed before the hooks ran. */
export function addressOf(request: FastifyRequest): Address {
  return request.address ?? parseAddress(request.url, request.headers);
}

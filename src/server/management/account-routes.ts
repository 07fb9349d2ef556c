import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WireObject } from '../../wire/chat/completion.ts';
import { decodeAccount, type ManagedAccount, toAccountObject } from '../../wire/management/account.ts';
import { ACCOUNT_ROUTE } from '../../wire/management/resource-id.ts';
import type { Account } from './account.ts';
import { accountPathOf, changeOf } from './management-request.ts';

/** `…/accounts/{account}` of Azure's management plane. */
export function accountRoutes(app: FastifyInstance, account: Account): void {
  app.get(ACCOUNT_ROUTE, async (request, reply) => {
    accountPathOf(request);
    return answer(request, reply, account.get());
  });
  app.put(ACCOUNT_ROUTE, async (request, reply) => {
    accountPathOf(request);
    const settings = decodeAccount(request.body);
    if (!settings.ok) throw settings.error;
    const { account: written, isNew } = account.put(settings.value, changeOf(request));
    reply.code(isNew ? 201 : 200);
    return answer(request, reply, written);
  });
  app.delete(ACCOUNT_ROUTE, async (request, reply) => {
    accountPathOf(request);
    const wasThere = account.remove(changeOf(request));
    return await reply.code(wasThere ? 200 : 204).send();
  });
}

function answer(request: FastifyRequest, reply: FastifyReply, account: ManagedAccount): WireObject {
  reply.header('etag', account.etag);
  return toAccountObject(account, accountPathOf(request), `${request.protocol}://${request.host}/`);
}

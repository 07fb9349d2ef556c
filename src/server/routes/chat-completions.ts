import type { FastifyInstance } from 'fastify';
import { ApiError } from '../../util/errors.ts';
import { decodeChatRequest } from '../../wire/chat/chat-request.ts';
import type { ChatCall, ChatCompletions } from '../chat/chat-completions.ts';
import type { Deployments } from '../deployment.ts';
import { noticeTo } from '../notice-to.ts';
import { callerOf } from '../request-context.ts';
import { sendEvents } from './event-stream.ts';
import { addressForms } from './paths.ts';

export interface ChatCompletionsRouteOptions {
  readonly deployments: Deployments;
  readonly chat: ChatCompletions;
  readonly limits: { readonly messages: number };
}

/** `POST …/chat/completions` in each address form. */
export function chatCompletionsRoute(app: FastifyInstance, options: ChatCompletionsRouteOptions): void {
  const { deployments, chat, limits } = options;
  for (const path of addressForms('/chat/completions')) {
    app.post(path, async (request, reply) => {
      const { address } = request;
      // A deployment that is not there is the answer whatever the body says.
      if (address.deployment !== undefined) deployments.resolve(address, undefined);
      const decoded = decodeChatRequest(request.body);
      if (!decoded.ok) throw decoded.error;
      checkMessages(decoded.value.messages.length, limits.messages);
      const call: ChatCall = {
        request: decoded.value,
        deployment: deployments.resolve(address, decoded.value.model),
        address,
        owner: callerOf(request).id,
        wireMessages: messagesOf(request.body),
        onNotice: noticeTo(reply),
      };
      const { signal } = request.gone;
      if (!call.request.stream) return await chat.complete(call, signal);
      return await sendEvents(reply, chat.stream(call, signal), { ending: 'data: [DONE]\n\n' });
    });
  }
}

/** The body has been decoded by now, so it has messages. */
function messagesOf(body: unknown): readonly unknown[] {
  const { messages } = body as { readonly messages: readonly unknown[] };
  return messages;
}

function checkMessages(count: number, limit: number): void {
  if (count <= limit) return;
  throw new ApiError(
    'out-of-range',
    `Invalid 'messages': array too long. Expected at most ${limit}, but got ${count} instead.`,
    {
      param: 'messages',
    },
  );
}

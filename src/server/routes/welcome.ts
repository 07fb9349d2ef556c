import type { FastifyInstance } from 'fastify';

/** `GET /`: for a person who opens the server's address in a browser. */
export function welcomeRoute(app: FastifyInstance, version: string): void {
  const text = [
    `Samtal ${version}: the OpenAI and Azure OpenAI speech APIs, on this machine.`,
    '',
    'Programs call /v1/…, /openai/v1/… or /openai/deployments/…; /health tells what answers.',
    'In a terminal, `samtal env` prints what they need, and `samtal say "Hello"` lets you hear it.',
    '',
  ].join('\n');
  app.get('/', async (_request, reply) => await reply.type('text/plain; charset=utf-8').send(text));
}

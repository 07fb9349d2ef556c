import type { FastifyInstance } from 'fastify';
import type { Engines } from '../engines/engines.ts';

/** `GET /samtal/v1/engines`: what a deployment can name, and what answers in one that names nothing. */
export function enginesRoute(app: FastifyInstance, engines: Engines): void {
  app.get('/samtal/v1/engines', async () => ({
    engines: await engines.catalog(),
    defaults: {
      languageModel: nameOf(engines.languageModel()),
      recognizer: nameOf(engines.recognizer()),
      synthesizer: nameOf(engines.synthesizer()),
    },
  }));
}

function nameOf(engine: { readonly name: string } | undefined): string | null {
  return engine?.name ?? null;
}

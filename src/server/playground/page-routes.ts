import { basename, join } from 'node:path';
import serveFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomText } from '../../util/ids.ts';
import { BUILT_PAGE, readBuiltPage } from './built-page.ts';
import { assetHeaders, pageHeaders, sandboxHeaders } from './page-headers.ts';

export interface PageRoutesOptions {
  readonly version: string;
  /** What holds `index.html` and `assets`. */
  readonly directory?: string;
}

/** Every address that the page shows in the bar. */
const PAGE_PATHS = ['/realtime', '/chat', '/compare', '/deployments', '/models'];
const SANDBOX = /^tool-sandbox-worker-/;
const YEAR_MS = 365 * 24 * 3600 * 1000;

/**
 * The playground, for browsers. Programs that get `/` are told what the server is; to them the page's other
 * paths do not exist.
 */
export async function pageRoutes(
  app: FastifyInstance,
  { version, directory = BUILT_PAGE }: PageRoutesOptions,
): Promise<void> {
  app.get('/', async (request, reply) => {
    reply.header('vary', 'accept');
    if (wantsPage(request)) return await sendPage(reply, directory);
    return await reply.type('text/plain; charset=utf-8').send(welcome(version));
  });
  for (const path of PAGE_PATHS) {
    app.get(path, async (request, reply) => {
      if (wantsPage(request)) return await sendPage(reply.header('vary', 'accept'), directory);
      return reply.callNotFound();
    });
  }
  await serveAssets(app, directory);
}

/** Names of assets hold a hash of their content, so whoever has one has it for good. */
async function serveAssets(app: FastifyInstance, directory: string): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler(async (thrown, _request, reply) => refuse(thrown, reply));
    await scope.register(serveFiles, {
      root: join(directory, 'assets'),
      prefix: '/assets/',
      index: false,
      preCompressed: true,
      immutable: true,
      acceptRanges: false,
      maxAge: YEAR_MS,
      logLevel: 'warn',
      // They appear when the page is built, which may be later.
      suppressWarning: true,
      setHeaders: (reply, path) => {
        reply.headers({ ...(SANDBOX.test(basename(path)) ? sandboxHeaders : assetHeaders) });
      },
    });
    scope.get('/favicon.svg', { logLevel: 'warn' }, async (_request, reply) =>
      reply
        .headers({ ...assetHeaders })
        .sendFile('favicon.svg', directory, { maxAge: '1d', immutable: false }),
    );
  });
}

/** Anybody may ask for any path: one that is no file's is no fault of the server. */
function refuse(thrown: unknown, reply: FastifyReply): FastifyReply {
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 500;
  if (status === 412) return reply.code(status).send();
  if (status < 400 || status >= 500) throw thrown;
  reply.callNotFound();
  return reply;
}

/** Only browsers that go to an address ask for HTML by name (RFC 9110 12.5.1). */
function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

async function sendPage(reply: FastifyReply, directory: string): Promise<FastifyReply> {
  const nonce = randomText(24);
  const page = await readBuiltPage(nonce, directory);
  if (page === undefined) return await reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
  return await reply
    .headers({ ...pageHeaders(nonce) })
    .type('text/html; charset=utf-8')
    .send(page);
}

const NOT_BUILT = [
  'Samtal is running, but its playground has not been built.',
  '',
  'In the folder of the server run: npm run build --workspace playground',
  '`npm start` does it by itself, and says so when it can not.',
  '',
].join('\n');

function welcome(version: string): string {
  return [
    `Samtal ${version}: the OpenAI and Azure OpenAI speech APIs, on this machine.`,
    '',
    'Programs call /v1/…, /openai/v1/… or /openai/deployments/…; /health tells what answers.',
    'In a terminal, `samtal env` prints what they need, and `samtal playground` a link to the page to try them.',
    '',
  ].join('\n');
}

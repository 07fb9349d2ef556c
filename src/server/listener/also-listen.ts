import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** What an address says that this machine does not have, such as `::1` where IPv6 is switched off. */
const NO_SUCH_ADDRESS = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Lets `mainServer`, which listens elsewhere, take the connections of another address too: it is handed
 * them, so whatever it does with connections holds for these. They count as those of the answer, whose
 * `close` waits for them. Undefined where the machine has no such address; rejects with `EADDRINUSE`.
 */
export async function alsoListen(
  mainServer: Server,
  address: { readonly host: string; readonly port: number },
): Promise<Server | undefined> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    mainServer.emit('connection', socket);
  });
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_SUCH_ADDRESS.has(String(error.code)))
      return undefined;
    throw error;
  }
  return server;
}

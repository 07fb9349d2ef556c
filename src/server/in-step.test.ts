import { on, once } from 'node:events';
import { type AddressInfo, connect, type Server } from 'node:net';
import { promisify } from 'node:util';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { inStep } from './in-step.ts';

test('requests of one turn of the loop that are alike are all read, then all worked on, then all answered', async () => {
  const order: string[] = [];
  await using app = fastify();
  app.addHook('onRequest', (_request, _reply, done) => {
    order.push('read');
    done();
  });
  inStep(app);
  app.get('/', async ({ raw: { socket } }) => {
    order.push('made');
    const write = socket.write.bind(socket) as (...words: unknown[]) => boolean;
    socket.write = (...words: unknown[]) => {
      order.push('written');
      return write(...words);
    };
    return { said: 'Good morning.' };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const clients = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  const connected = clients.map(async (client) => await once(client, 'connect'));
  for await (const _ of on(app.server, 'connection')) if ((await connectionsOf(app.server)) === 2) break;
  await Promise.all(connected);
  // Both lie there before the server's loop looks again.
  for (const client of clients)
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  const answers = await Promise.all(clients.map(async (client) => String((await client.toArray())[0])));
  for (const answer of answers) expect(answer).toContain('{"said":"Good morning."}');
  expect(order).toEqual(['read', 'read', 'made', 'made', 'written', 'written']);
});

async function connectionsOf(server: Server): Promise<number> {
  return await promisify(server.getConnections.bind(server))();
}

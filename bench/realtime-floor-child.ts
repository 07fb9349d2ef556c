/** What a server on `ws` can do at most: reads JSON and base64, writes the same back. */
import { on, once } from 'node:events';
import { WebSocketServer } from 'ws';
import { cpuMs } from './realtime-server.ts';

const questions = on(process, 'message', { close: ['disconnect'] });
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    // The type of `data` follows the socket's `binaryType`, and the load of the bench sends nothing else.
    const event = JSON.parse((data as Buffer).toString('utf8')) as { type: string; audio?: string };
    if (event.audio === undefined) return;
    const audio = Buffer.from(event.audio, 'base64');
    socket.send(JSON.stringify({ ...event, audio: audio.toString('base64') }));
  });
});
await once(server, 'listening');
const address = server.address();
if (typeof address === 'object' && address) process.send?.(`http://127.0.0.1:${address.port}`);
for await (const _ of questions) process.send?.(cpuMs());
server.close();
for (const socket of server.clients) socket.terminate();

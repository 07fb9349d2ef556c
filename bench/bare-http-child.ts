/** What a server on `node:http` can do at most: reads JSON, writes the JSON it was started with. */
import { createServer } from 'node:http';

const answer: unknown = JSON.parse(process.argv[2] ?? '{}');

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    JSON.parse(Buffer.concat(pieces).toString());
    const body = Buffer.from(JSON.stringify(answer));
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('content-length', body.length);
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) process.send?.(`http://127.0.0.1:${address.port}`);
});
process.once('disconnect', () => {
  server.close();
  server.closeAllConnections();
});

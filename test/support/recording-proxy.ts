import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer that passed. */
export interface RecordedAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  readonly answers: RecordedAnswer[];
}

/** Stands between a program and the server and notes what the server answers. */
export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const answers: RecordedAnswer[] = [];
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const onward = forward(new URL(url, target), { method, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => {
        const contentType = String(answer.headers['content-type'] ?? '');
        answers.push({
          method,
          path: url,
          status: answer.statusCode ?? 0,
          contentType,
          body: Buffer.concat(pieces),
        });
      });
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

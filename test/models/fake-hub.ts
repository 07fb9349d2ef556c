/**
 * A fake of Hugging Face and GitHub, as a mirror of both on a port of this machine: files with ranges and ETags, the
 * two APIs that tell digests, and whatever can go wrong, told for one request at a time.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface FakeFile {
  readonly bytes: Buffer;
  readonly etag?: string;
}

/** Answers a request in another way than the hub would; `answer` goes on as usual. */
export type Misbehaviour = (response: ServerResponse, file: FakeFile | undefined, answer: () => void) => void;

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export class FakeHub implements AsyncDisposable {
  /** By what comes behind the port, such as `/huggingface.co/acme/tiny/resolve/main/model.onnx`. */
  readonly files = new Map<string, FakeFile>();
  readonly seen: SeenRequest[] = [];
  /** Of bodies. */
  servedBytes = 0;
  /** Bytes in a piece, and the pause after each; everything at once unless given. */
  pace: { readonly pieceBytes: number; readonly pauseMs: number } | undefined;
  readonly #server: Server;
  readonly #misbehaviours: { readonly path: string; readonly misbehave: Misbehaviour }[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((request, response) => this.#handle(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
    });
  }

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    await new Promise<void>((resolve) => hub.#server.listen(0, '127.0.0.1', resolve));
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next request for a path that ends like this is answered so, and those after it as usual. */
  once(path: string, misbehave: Misbehaviour): void {
    this.#misbehaviours.push({ path, misbehave });
  }

  /** All requests for it. */
  always(path: string, misbehave: Misbehaviour): void {
    for (let times = 0; times < 50; times += 1) this.once(path, misbehave);
  }

  /** A file of a repository of Hugging Face, at the revision `main`. */
  addFile(repository: string, path: string, bytes: Buffer): void {
    const etag = `"${sha256(bytes)}"`;
    this.files.set(`/huggingface.co/${repository}/resolve/main/${path}`, { bytes, etag });
  }

  addJson(path: string, value: unknown): void {
    this.files.set(path, { bytes: Buffer.from(JSON.stringify(value)) });
  }

  /** Answers everything as usual from now on. */
  behave(): void {
    this.#misbehaviours.length = 0;
  }

  /** Called at the next request for a file whose path ends like this, which is answered as usual. */
  onceAsked(path: string, listener: () => void): void {
    this.once(path, (_response, _file, answer) => {
      listener();
      answer();
    });
  }

  /** Requests for a path that ends like this. */
  requestsFor(path: string): readonly SeenRequest[] {
    return this.seen.filter((request) => request.path.endsWith(path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://hub').pathname);
    this.seen.push({ method: request.method ?? '', path, headers: request.headers });
    const file = this.files.get(path);
    const answer = (): void => void this.#answer(request, response, file);
    const index = this.#misbehaviours.findIndex((each) => path.endsWith(each.path));
    const [told] = index < 0 ? [] : this.#misbehaviours.splice(index, 1);
    if (told) told.misbehave(response, file, answer);
    else answer();
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    file: FakeFile | undefined,
  ): Promise<void> {
    if (!file) {
      response.writeHead(404).end('Entry not found');
      return;
    }
    const start = startOf(request, file);
    const body = file.bytes.subarray(start);
    response.writeHead(start === 0 ? 200 : 206, {
      'content-length': body.length,
      'accept-ranges': 'bytes',
      ...(file.etag !== undefined && { etag: file.etag }),
      ...(start > 0 && { 'content-range': `bytes ${start}-${file.bytes.length - 1}/${file.bytes.length}` }),
    });
    if (request.method === 'HEAD') response.end();
    else await this.#send(response, body);
  }

  async #send(response: ServerResponse, body: Buffer): Promise<void> {
    const { pieceBytes, pauseMs } = this.pace ?? { pieceBytes: Math.max(1, body.length), pauseMs: 0 };
    for (let at = 0; at < body.length && !response.destroyed; at += pieceBytes) {
      const piece = body.subarray(at, at + pieceBytes);
      this.servedBytes += piece.length;
      response.write(piece);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    response.end();
  }
}

/** 0 unless a range is asked for that still fits (RFC 9110, 13.1.5). */
function startOf({ headers }: IncomingMessage, { bytes, etag }: FakeFile): number {
  const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
  return isSame && start < bytes.length ? start : 0;
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

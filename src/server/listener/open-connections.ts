import type { Socket } from 'node:net';

/**
 * The connections of one port. Each is unadmitted at first: it has a limited time to show what it wants,
 * and when there are too many of them the oldest go, so that idle connections can not fill the port.
 */
export class OpenConnections {
  readonly #admissionMs: number;
  readonly #maxUnadmitted: number;
  readonly #all = new Set<Socket>();
  /** In the order they came. */
  readonly #unadmitted = new Map<string, { readonly socket: Socket; readonly timer: NodeJS.Timeout }>();

  constructor(admissionMs: number, maxUnadmitted: number) {
    this.#admissionMs = admissionMs;
    this.#maxUnadmitted = maxUnadmitted;
  }

  add(socket: Socket): void {
    const name = nameOf(socket);
    this.#all.add(socket);
    const timer = setTimeout(() => socket.destroy(), this.#admissionMs);
    this.#unadmitted.set(name, { socket, timer });
    socket.once('close', () => {
      this.#all.delete(socket);
      this.#forget(name);
    });
    const [oldest] = this.#unadmitted.values();
    if (this.#unadmitted.size > this.#maxUnadmitted) oldest?.socket.destroy();
  }

  /** Takes the socket itself or the `TLSSocket` around it. */
  admit(socket: Socket): void {
    this.#forget(nameOf(socket));
  }

  closeUnadmitted(): void {
    for (const { socket } of this.#unadmitted.values()) socket.destroy();
  }

  destroyAll(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #forget(name: string): void {
    clearTimeout(this.#unadmitted.get(name)?.timer);
    this.#unadmitted.delete(name);
  }
}

/** A `TLSSocket` does not tell which socket it wraps, but the two have the same ends. */
function nameOf(socket: Socket): string {
  return [socket.remoteAddress, socket.remotePort, socket.localAddress, socket.localPort].join(' ');
}

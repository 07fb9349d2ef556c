/** Reads an async iterable one step ahead, so that a parser can hand over to another at a boundary. */
export class Lookahead<T> implements AsyncDisposable {
  readonly #iterator: AsyncIterator<T>;
  #next: Promise<IteratorResult<T>> | undefined;

  constructor(source: AsyncIterable<T>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The next item without taking it; `undefined` at the end. */
  async peek(): Promise<T | undefined> {
    this.#next ??= this.#iterator.next();
    const step = await this.#next;
    return step.done ? undefined : step.value;
  }

  /** Takes the item that `peek` has shown, and shows the next. */
  async advance(): Promise<T | undefined> {
    this.#next = undefined;
    return await this.peek();
  }

  /** Takes items for as long as `isWanted` says so. */
  async *while<S extends T>(isWanted: (item: T) => item is S): AsyncGenerator<S, void, void> {
    for (let item = await this.peek(); item !== undefined && isWanted(item); item = await this.advance()) {
      yield item;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#iterator.return?.();
  }
}

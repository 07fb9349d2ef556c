export interface StoredCompletion {
  readonly id: string;
  /** Stands for the key or tenant that asked; nobody else finds the completion. */
  readonly owner: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The request's messages, without the audio the client sent. */
  readonly messages: readonly unknown[];
  /** The answer as it was sent. */
  readonly response: unknown;
}

export interface PageRequest {
  /** The id that the previous page ended with. */
  readonly after?: string;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
}

export interface CompletionQuery extends PageRequest {
  readonly model?: string;
  /** Pairs that a completion must have, all of them. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly hasMore: boolean;
}

export interface StoredMessage {
  /** `<completion id>-<position>`. */
  readonly id: string;
  readonly message: unknown;
}

/** The completions that were asked for with `store: true`. Unknown and foreign are alike. */
export interface CompletionStore {
  save(completion: StoredCompletion): Promise<void>;
  get(id: string, owner: string): Promise<StoredCompletion | undefined>;
  /**
   * By time of creation.
   * @throws {ApiError} `completion-not-found` when `after` is not a completion of the owner.
   */
  list(owner: string, query: CompletionQuery): Promise<Page<StoredCompletion>>;
  /** Replaces the metadata; undefined if there is no such completion. */
  update(
    id: string,
    owner: string,
    metadata: Readonly<Record<string, string>>,
  ): Promise<StoredCompletion | undefined>;
  /** False if there was no such completion. */
  delete(id: string, owner: string): Promise<boolean>;
  /** In the order of the request, or backwards. */
  messages(id: string, owner: string, page: PageRequest): Promise<Page<StoredMessage> | undefined>;
}

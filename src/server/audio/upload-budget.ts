import { ApiError } from '../../util/errors.ts';

/** One request's part of a budget. */
export interface UploadShare {
  /** @throws {ApiError} `overloaded` when that is more than there is left. */
  hold(bytes: number): void;
  /** Gives back all that is held; what is held later counts no more. */
  release(): void;
}

/** Bounds the bytes of uploaded files that are in memory at a time, whoever sent them. */
export class UploadBudget {
  readonly #bytes: number;
  #held = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  open(): UploadShare {
    let held = 0;
    let isReleased = false;
    return {
      hold: (bytes) => {
        if (isReleased) return;
        if (this.#held + bytes > this.#bytes) throw tooManyUploads();
        this.#held += bytes;
        held += bytes;
      },
      release: () => {
        isReleased = true;
        this.#held -= held;
        held = 0;
      },
    };
  }
}

function tooManyUploads(): ApiError {
  return new ApiError('overloaded', 'Too many files are being uploaded. Please retry after a moment.', {
    retryAfterSeconds: 1,
  });
}

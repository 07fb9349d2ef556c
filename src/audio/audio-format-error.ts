/** Why audio that somebody sent could not be read. `message` is fit for the one who sent it. */
export class AudioFormatError extends Error {
  override readonly name = 'AudioFormatError';
  readonly kind: AudioFormatErrorKind;
  /** The format that was named or found, such as `wav`; undefined when nothing was recognized. */
  readonly format: string | undefined;

  constructor(kind: AudioFormatErrorKind, format: string | undefined, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.format = format;
  }
}

/**
 * - `invalid`: the content is not of its format, or is broken.
 * - `unsupported`: sound, but in a variant or codec that is not read here.
 * - `too-long`: it lasts longer than the caller allows.
 * - `empty`: it holds no sound at all.
 */
export type AudioFormatErrorKind = 'invalid' | 'unsupported' | 'too-long' | 'empty';

/** The sentence the services use when content and format disagree. */
export function notValid(format: string, detail?: string, cause?: unknown): AudioFormatError {
  const message = `The audio is not of valid ${format} format${detail ? `: ${detail}` : ''}.`;
  return new AudioFormatError('invalid', format, message, cause);
}

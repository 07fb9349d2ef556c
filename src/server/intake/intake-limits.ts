/** What one request's JSON may cost. */
export interface JsonLimits {
  /** The largest audio file after decoding, in bytes. */
  readonly audioBytes: number;
  /** How deep objects and arrays may stand in each other; `[]` is 1 deep. */
  readonly jsonDepth: number;
  /** Object members and array elements in the whole body. */
  readonly jsonKeys: number;
}

export interface IntakeLimits extends JsonLimits {
  /** The largest body as it is sent, base64 included. */
  readonly bodyBytes: number;
  /** How long a body may take to arrive and be read. */
  readonly requestSeconds: number;
}

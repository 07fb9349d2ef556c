/** How a program shows who it is: by a token that it fetches, or by a key from its environment. */
export const ACCESSES = ['keyless', 'key'] as const;
export type Access = (typeof ACCESSES)[number];

export const CODE_LANGUAGES = ['typescript', 'python', 'curl'] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];

export interface ProgramOptions {
  readonly access: Access;
  /** Such as `http://127.0.0.1:8080`. */
  readonly endpoint: string;
}

export interface Program {
  /** What the file is called when it is saved, such as `chat.mts`. */
  readonly fileName: string;
  /** What a shell needs before it runs, one command a line. */
  readonly setup: string;
  readonly code: string;
}

/** The bytes are not those of a bzip2 file, or not of a whole one. */
export class Bzip2Error extends Error {
  override readonly name = 'Bzip2Error';

  constructor(what: string) {
    super(`The bzip2 file is damaged: ${what}.`);
  }
}

/** A file is not what it should be, or not whole; the message says which file and what about it, for a person. */
export class FormatError extends Error {
  override readonly name = 'FormatError'

  /** @param file what the reader knows the file, or the part of an archive, as */
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file} ${reason}`, options)
  }
}

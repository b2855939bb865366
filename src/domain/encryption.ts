/** What a sealed file begins with, so that it is known for one without its key. */
export const SEALED_FILE_MAGIC = 'NHDSEAL1'

/** Seals whole files, piece by piece, so that nothing in them can be read, changed, cut or put together anew. */
export interface FileSeal {
  /** For `pipeline`. */
  readonly seal: (plain: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>
  /** @throws KeyMissing; SealBroken, at the latest at the end: whoever uses what came before must be able to undo it */
  readonly open: (sealed: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>
}

/** Seals single values of the database. */
export interface ValueSeal {
  /** Of the key that is sealed with. */
  currentKeyId(): string
  hasKey(keyId: string): boolean
  /** @param place names the one row that the value is for; it opens nowhere else */
  seal(plain: Uint8Array, place: string): { readonly keyId: string; readonly sealed: Buffer }
  /** @throws KeyMissing, SealBroken */
  open(keyId: string, sealed: Uint8Array, place: string): Buffer
}

/** Was sealed with a key that is not among those given. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing'
  readonly keyId: string

  constructor(keyId: string) {
    super(`It is encrypted with the key ${keyId}, which is not among the keys given`)
    this.keyId = keyId
  }
}

/** Was changed, torn or moved since it was sealed. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

/** How many rows a key seals; null for those that are readable. */
export interface KeyUse {
  readonly keyId: string | null
  readonly templates: number
  readonly crops: number
}

export type SealProgress = (done: number, total: number) => void

/** How templates and crops are stored. */
export interface EncryptionRecords {
  uses(): Promise<readonly KeyUse[]>
  /**
   * Seals with the current key whatever another key has sealed, while others read and write. Interrupted, it goes on
   * where it was. What can't be opened stays as it is.
   */
  reseal(onProgress: SealProgress): Promise<{ readonly resealed: number; readonly unreadable: number }>
  /** Makes everything readable again; from then on, records are opened without keys. */
  unseal(onProgress: SealProgress): Promise<{ readonly resealed: number; readonly unreadable: number }>
}

import type { EncryptionRecords, KeyUse, SealProgress } from '../../domain/encryption.ts'
import { ServerMisconfigured } from '../../domain/errors.ts'
import type { Database } from '../database.ts'
import { underLease } from '../migrations/lease.ts'
import { keyUses, reseal } from './reseal.ts'

/**
 * Sees to it, before anything is read, that everything can be opened. Where keys are given for the first time, what is
 * there is sealed; from then on a readable row is not believed, because whoever may write to the database but has no
 * key could have put it there.
 * @throws ServerMisconfigured where a key is missing; then nothing was changed
 */
export async function prepareEncryption(database: Database, onProgress: SealProgress): Promise<void> {
  const { seal } = database
  const state = await stateOf(database)
  if (seal === null && state === undefined) return
  const uses = await keyUses(database)
  refuseMissingKeys(database, uses, state !== undefined)
  if (seal === null || state?.complete === 1) return
  await underLease(database, async () => {
    if ((await stateOf(database))?.complete === 1) return
    // The row first: an interruption must not leave sealed rows in a database that says it has none.
    if (state === undefined) await setState(database, 0)
    const readable = (await keyUses(database)).filter(({ keyId }) => keyId === null)
    await reseal(database, readable, { opens: null, seals: seal }, onProgress)
    await setState(database, 1)
  })
}

export function encryptionRecords(database: Database): EncryptionRecords {
  const { seal } = database
  return {
    uses: () => keyUses(database),

    async reseal(onProgress) {
      if (seal === null) throw new ServerMisconfigured(NO_KEYS)
      // Once more, for what was written with the old key meanwhile.
      for (let resealed = 0; ; ) {
        const uses = await keyUses(database)
        const others = uses.filter(({ keyId }) => keyId !== null && keyId !== seal.currentKeyId())
        const pass = await reseal(database, others, { opens: seal, seals: seal }, onProgress)
        resealed += pass.resealed
        if (pass.resealed === 0) return { resealed, unreadable: pass.unreadable }
      }
    },

    async unseal(onProgress) {
      if (seal === null) throw new ServerMisconfigured(NO_KEYS)
      await setState(database, 0)
      const sealed = (await keyUses(database)).filter(({ keyId }) => keyId !== null)
      const done = await reseal(database, sealed, { opens: seal, seals: null }, onProgress)
      if (done.unreadable === 0) await database.write((tx) => tx.deleteFrom('encryption').execute())
      return done
    },
  }
}

const NO_KEYS = 'No keys are given: set ENCRYPTION_KEY_FILE ("nhandien keys generate <file>" makes one).'

function refuseMissingKeys({ seal }: Database, uses: readonly KeyUse[], isSealed: boolean): void {
  const missing = uses.filter(({ keyId }) => keyId !== null && seal?.hasKey(keyId) !== true)
  if (missing.length > 0) {
    const rows = missing.map(
      ({ keyId, templates, crops }) => `${keyId} (${templates} templates, ${crops} crops of faces)`,
    )
    const given = seal === null ? 'No keys are given' : `The current key given is ${seal.currentKeyId()}`
    throw new ServerMisconfigured(
      `The database is encrypted with keys that are missing: ${rows.join(', ')}. ${given}. ` +
        'Put the missing keys into ENCRYPTION_KEY_FILE (or ENCRYPTION_KEY); "nhandien keys status" shows which are used. ' +
        'Nothing was changed.',
    )
  }
  if (isSealed && seal === null)
    throw new ServerMisconfigured(
      'Templates and crops of this database are to be encrypted, and no keys are given: set ENCRYPTION_KEY_FILE, ' +
        'or run "nhandien keys decrypt" with it to give up encryption. Nothing was changed.',
    )
}

function stateOf(database: Database): Promise<{ complete: number } | undefined> {
  return database.read((db) => db.selectFrom('encryption').select('complete').where('id', '=', 1).executeTakeFirst())
}

function setState(database: Database, complete: 0 | 1): Promise<void> {
  return database.write(async (tx) => {
    await tx.deleteFrom('encryption').execute()
    await tx.insertInto('encryption').values({ id: 1, complete }).execute()
  })
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../test/records/each-database.ts'
import { ACTOR, fieldsOf, imageOf } from '../../test/records/samples.ts'
import type { Records } from '../domain/records.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { remover } from './remove.ts'

const ALL = { people: true, confirmed: true }

describeEachDatabase('a reset', (database) => {
  /** Others write while the backup is made. */
  const removeWhile = (records: Records, duringBackup: (attempt: number) => Promise<unknown>) => {
    let attempt = 0
    return remover({
      people: records.people,
      catchUp: async () => {},
      backup: async () => {
        const name = await records.backup()
        await duringBackup(++attempt)
        return name
      },
      newestRevision: () => records.templates.revision(),
      exclusively: oneAtATime(),
      resetNeedsConfirmation: true,
    })
  }
  const enrol = (records: Records, seed: number) =>
    records.people.enrol({ classId: seed, fields: fieldsOf(`Người ${seed}`) }, [imageOf(seed)], ACTOR)

  it('removes nobody who came after the backup that it names', async () => {
    const records = await database.open()
    await enrol(records, 1)
    const remove = removeWhile(records, async (attempt) => attempt === 1 && (await enrol(records, 2)))
    const { imagesRemoved, peopleRemoved, backup } = await remove.everything(ALL, ACTOR)
    expect({ imagesRemoved, peopleRemoved }).toEqual({ imagesRemoved: 2, peopleRemoved: 2 })
    const text = gunzipSync(await readFile(join(database.folder(), 'backups', backup))).toString()
    for (const name of ['Người 1', 'Người 2']) expect(text).toContain(name)
  })

  it('removes nothing where others never pause', async () => {
    const records = await database.open()
    const remove = removeWhile(records, (attempt) => enrol(records, attempt))
    await expect(remove.everything(ALL, ACTOR)).rejects.toMatchObject({ code: 'overloaded' })
    expect((await records.templates.counts(imageOf(1).modelId)).templates).toBe(3)
  })
})

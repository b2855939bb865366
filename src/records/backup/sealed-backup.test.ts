import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { contents, fill } from '../../../test/records/filled.ts'
import { ACTOR, templateOf } from '../../../test/records/samples.ts'
import { fileSeal } from '../../encryption/file-seal.ts'
import { keyLine, newKey } from '../../encryption/key.ts'
import { fixedKeyRing } from '../../encryption/key-ring.ts'
import { restoreRecords } from '../open-records.ts'
import { BackupUnsound, verifyBackup } from './read-backup.ts'

const clock = () => new Date()
const newSeal = () => fileSeal(fixedKeyRing(keyLine(newKey()), 'the test'))

describeEachDatabase('an encrypted backup', (database) => {
  it('restores with its key, every row, and shows nothing without', async () => {
    const [url, target, backupSeal] = [await database.newUrl(), await database.newUrl(), newSeal()]
    const records = await database.open({ url, backupSeal })
    await fill(records)
    const steps: string[] = []
    const name = await records.backup((step, done, total) => steps.push(`${step} ${done === total}`))
    expect(name).toMatch(/\.jsonl\.gz\.sealed$/)
    expect(steps).toContain('write true')
    expect(steps.at(-1)).toBe('check true')
    const path = join(database.folder(), 'backups', name)
    const bytes = await readFile(path)
    expect(bytes.includes(Buffer.from('Mười'))).toBe(false)
    expect(bytes.includes(Buffer.from(templateOf(1).buffer).toString('base64'))).toBe(false)
    await expect(verifyBackup({ path, seal: null })).rejects.toThrow('encrypted: give its key file')
    await expect(verifyBackup({ path, seal: newSeal() })).rejects.toThrow(/key [0-9a-f]{16}.*not among/)
    const { rows } = await records.audit.verify()
    await restoreRecords({ url: target, dataDir: database.folder(), clock }, { path, seal: backupSeal }, ACTOR)
    expect(await contents(target, rows)).toEqual(await contents(url, rows))
  })

  it('is refused torn or changed, and nothing of it is restored', async () => {
    const seal = newSeal()
    const records = await database.open({ backupSeal: seal })
    await fill(records)
    const whole = await readFile(join(database.folder(), 'backups', await records.backup()))
    const changed = Buffer.from(whole)
    changed[whole.length - 20] = (changed[whole.length - 20] ?? 0) ^ 1
    const path = join(database.folder(), 'unsound.jsonl.gz.sealed')
    for (const bytes of [whole.subarray(0, -1), whole.subarray(0, 40), changed, Buffer.concat([whole, whole])]) {
      await writeFile(path, bytes)
      const url = await database.newUrl()
      const restoring = restoreRecords({ url, dataDir: database.folder(), clock }, { path, seal }, ACTOR)
      await expect(restoring).rejects.toThrow(BackupUnsound)
      const { people } = await database.open({ url })
      expect((await people.listPeople('', { page: 1, pageSize: 5 })).total).toBe(0)
    }
  })

  it('with a key, one that is not encrypted is read too', async () => {
    const records = await database.open()
    await fill(records)
    const path = join(database.folder(), 'backups', await records.backup())
    expect(await verifyBackup({ path, seal: newSeal() })).toBeGreaterThan(10)
  })

  it('of a newer version is refused, and so is a file that is not there', async () => {
    const path = join(database.folder(), 'newer.jsonl.gz')
    await writeFile(path, gzipSync('{"format":"nhandien-records","version":1,"schema":"9999-later","at":"x"}\n'))
    await expect(verifyBackup({ path, seal: null })).rejects.toThrow('newer version')
    await expect(verifyBackup({ path: `${path}.none`, seal: null })).rejects.toThrow('ENOENT')
  })
})

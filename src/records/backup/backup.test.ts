import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { describeEachDatabase } from '../../../test/records/each-database.ts'
import { contents, fill } from '../../../test/records/filled.ts'
import { rawSql } from '../../../test/records/raw-sql.ts'
import { ACTOR, fieldsOf, imageOf, MODEL, templateOf } from '../../../test/records/samples.ts'
import { ChangesGone } from '../../domain/errors.ts'
import { restoreRecords } from '../open-records.ts'
import { BackupUnsound, verifyBackup } from './read-backup.ts'
import { DatabaseNotEmpty } from './restore-backup.ts'

const clock = () => new Date()

describeEachDatabase('a backup', (database) => {
  it('restores every row into an empty database of the same kind', async () => {
    const [url, target] = [await database.newUrl(), await database.newUrl()]
    const records = await database.open({ url })
    await fill(records)
    const file = join(database.folder(), 'backups', await records.backup())
    const { rows } = await records.audit.verify()
    await restoreRecords({ url: target, dataDir: database.folder(), clock }, { path: file, seal: null }, ACTOR)
    expect(await contents(target, rows)).toEqual(await contents(url, rows))
    expect(await rawSql(target, 'select * from session')).toEqual([])
    const restored = await database.open({ url: target })
    expect((await restored.audit.verify()).faults).toEqual([])
    expect((await restored.people.matches([1], MODEL)).get(1)?.template).toEqual(templateOf(1))
    expect((await restored.people.listPeople('da nang', { page: 1, pageSize: 5 })).total).toBe(2)
    expect(await restored.templates.revision()).toBe(await records.templates.revision())
    expect(await restored.templates.history()).not.toBe(await records.templates.history())
    const next = await restored.people.enrol({ classId: null, fields: fieldsOf('Tiếp') }, [imageOf(5)], ACTOR)
    expect([next.person.classId, ...next.imageIds]).toEqual([11, 4])
    await expect(records.templates.changesAfter(next.revision, MODEL, 1)).rejects.toThrow(ChangesGone)
  })

  it('is of one moment while others write', async () => {
    const records = await database.open()
    await fill(records)
    const target = await database.newUrl()
    let writing = true
    const writer = (async () => {
      for (let n = 100; writing; n++)
        await records.people.enrol({ classId: null, fields: fieldsOf('Ai') }, [imageOf(n)], ACTOR)
    })()
    const file = join(database.folder(), 'backups', await records.backup())
    writing = false
    await writer
    await restoreRecords({ url: target, dataDir: database.folder(), clock }, { path: file, seal: null }, ACTOR)
    const restored = await database.open({ url: target })
    expect((await restored.audit.verify()).faults).toEqual([])
    const { images, templates } = await restored.templates.counts(MODEL)
    expect(templates).toBe(images)
    const [{ n: revisions } = {}] = await rawSql(target, 'select count(*) as n from change_log')
    expect(revisions).toBe(await restored.templates.revision())
  })

  it('is not restored over data', async () => {
    const url = await database.newUrl()
    const records = await database.open({ url })
    await fill(records)
    const file = join(database.folder(), 'backups', await records.backup())
    const before = await contents(url, 1_000)
    await expect(
      restoreRecords({ url, dataDir: database.folder(), clock }, { path: file, seal: null }, ACTOR),
    ).rejects.toThrow(DatabaseNotEmpty)
    expect(await contents(url, 1_000)).toEqual(before)
  })

  it('is refused when torn, changed, or another file, and then nothing is restored', async () => {
    const records = await database.open()
    await fill(records)
    const whole = await readFile(join(database.folder(), 'backups', await records.backup()))
    const text = gunzipSync(whole).toString()
    const lines = text.trimEnd().split('\n')
    const unsound: Record<string, Buffer> = {
      torn: whole.subarray(0, whole.length - 40),
      empty: Buffer.alloc(0),
      'no gzip': Buffer.from(text),
      'without its end': gzipSync(`${lines.slice(0, -1).join('\n')}\n`),
      'with a changed row': gzipSync(text.replace('Mười', 'Muời')),
      'with a row less': gzipSync(`${lines.toSpliced(3, 1).join('\n')}\n`),
      'with more after its end': gzipSync(`${text}[1]\n`),
      'another format': gzipSync('{"format":"other"}\n'),
      'with a table that is not known': gzipSync(`${lines[0]}\n{"table":"mysql.user","columns":["a"]}\n`),
    }
    for (const [what, bytes] of Object.entries(unsound)) {
      const file = join(database.folder(), 'unsound.jsonl.gz')
      await writeFile(file, bytes)
      await expect(verifyBackup({ path: file, seal: null }), what).rejects.toThrow(BackupUnsound)
      const target = await database.newUrl()
      if (what === 'with a changed row') {
        await expect(
          restoreRecords({ url: target, dataDir: database.folder(), clock }, { path: file, seal: null }, ACTOR),
        ).rejects.toThrow(BackupUnsound)
        const { people } = await database.open({ url: target })
        expect((await people.listPeople('', { page: 1, pageSize: 5 })).total).toBe(0)
      }
    }
  })

  it('leaves nothing behind where it can not be written', async () => {
    const blocked = join(database.folder(), 'blocked')
    await writeFile(blocked, 'a file where a folder is wanted')
    const records = await database.open({ dataDir: blocked })
    await expect(records.backup()).rejects.toThrow('not-ready')
    const folder = join(database.folder(), 'backups')
    expect((await readdir(folder)).filter((name) => !name.endsWith('.jsonl.gz'))).toEqual([])
  })
})

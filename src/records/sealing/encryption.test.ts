import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type DatabaseUnderTest, describeEachDatabase } from '../../../test/records/each-database.ts'
import { expectRefusal } from '../../../test/records/expect-refusal.ts'
import { contents, fill } from '../../../test/records/filled.ts'
import { rawSql } from '../../../test/records/raw-sql.ts'
import { ACTOR, fieldsOf, imageOf, MODEL, templateOf } from '../../../test/records/samples.ts'
import type { ValueSeal } from '../../domain/encryption.ts'
import { ServerMisconfigured } from '../../domain/errors.ts'
import type { Records } from '../../domain/records.ts'
import { keyLine, newKey } from '../../encryption/key.ts'
import { addKey, fixedKeyRing, keyFileRing, makeKeyFile } from '../../encryption/key-ring.ts'
import { valueSeal } from '../../encryption/value-seal.ts'
import { recordKeyUses, restoreRecords } from '../open-records.ts'

const clock = () => new Date()
const sealOf = (...keys: ReturnType<typeof newKey>[]) =>
  valueSeal(fixedKeyRing(keys.map(keyLine).join('\n'), 'the test'))

async function templatesOf(records: Records): Promise<Map<number, Float32Array>> {
  const found = new Map<number, Float32Array>()
  for await (const page of records.templates.templates(MODEL, 10))
    for (const { imageId, template } of page) found.set(imageId, template)
  return found
}

/** Opens what the URL names and closes it again: nothing of an earlier opening is left. */
async function using<T>(
  database: DatabaseUnderTest,
  url: string,
  seal: ValueSeal | null,
  work: (records: Records) => Promise<T>,
): Promise<T> {
  return await work(await database.open({ url, seal }))
}

describeEachDatabase('encryption at rest', (database) => {
  it('hides templates and crops from whoever reads the database, and nobody else', async () => {
    const url = await database.newUrl()
    const damaged: number[] = []
    const records = await database.open({ url, seal: sealOf(newKey()), onDamagedTemplate: (id) => damaged.push(id) })
    await fill(records)
    for (const [table, column] of [
      ['template', 'vector'],
      ['crop', 'jpeg'],
    ] as const)
      for (const row of await rawSql(url, `select * from ${table}`)) {
        const stored = row[column]
        if (!Buffer.isBuffer(stored)) throw new Error('A sealed value is bytes')
        expect(stored.includes(Buffer.from(templateOf(1).buffer).subarray(0, 8))).toBe(false)
        expect(stored.includes(Buffer.of(0xff, 0xd8, 1))).toBe(false)
        expect(row.key_id).toMatch(/^[0-9a-f]{16}$/)
      }
    expect([...(await templatesOf(records)).keys()]).toEqual([1, 3])
    expect((await records.people.matches([1], MODEL)).get(1)?.template).toEqual(templateOf(1))
    expect((await records.people.templatesOf(1, MODEL))[0]?.template).toEqual(templateOf(1))
    expect(await records.people.crop(1)).toEqual(Buffer.of(0xff, 0xd8, 1))
    const held = (await records.personalData(1))?.images[0]
    expect([held?.templates[0]?.template, held?.crop]).toEqual([templateOf(1), Buffer.of(0xff, 0xd8, 1)])
    const { modelId, template, photoSha256, crop, quality } = imageOf(7)
    await records.people.editImage(1, { replacement: { modelId, template, photoSha256, crop, quality } }, ACTOR)
    const changes = await records.templates.changesAfter(0, MODEL, 100)
    expect(changes.findLast((change) => change.kind === 'put' && change.imageId === 1)).toMatchObject({
      template: templateOf(7),
    })
    expect(damaged).toEqual([])
  })

  it('seals what was stored before when it is turned on, and shows it again when it is given up', async () => {
    const url = await database.newUrl()
    const [plain, key] = [await database.open({ url }), newKey()]
    await fill(plain)
    const before = await contents(url, 1_000)
    await plain.close()
    const told: string[] = []
    const sealed = await database.open({
      url,
      seal: sealOf(key),
      onSealing: (done, all) => told.push(`${done}/${all}`),
    })
    expect(told.at(-1)).toBe('3/3')
    expect(await sealed.encryption.uses()).toEqual([{ keyId: key.id, templates: 2, crops: 1 }])
    expect((await templatesOf(sealed)).get(3)).toEqual(templateOf(3))
    expect(await sealed.encryption.unseal(() => undefined)).toEqual({ resealed: 3, unreadable: 0 })
    await sealed.close()
    expect(await contents(url, 1_000)).toEqual(before)
    await using(database, url, null, async (records) => {
      expect((await templatesOf(records)).get(1)).toEqual(templateOf(1))
    })
  })

  it('goes on where turning it on was interrupted', async () => {
    const url = await database.newUrl()
    const [plain, key] = [await database.open({ url }), newKey()]
    await fill(plain)
    await using(database, url, sealOf(key), async (records) => records.close())
    const { vector, checksum } = {
      ...(await rawSql(url, 'select vector, checksum from template where image_id = 1'))[0],
    }
    await plain.people.enrol({ classId: 50, fields: fieldsOf('Sau') }, [imageOf(50)], ACTOR)
    await rawSql(url, 'update encryption set complete = 0')
    await expect(database.open({ url })).rejects.toThrow(ServerMisconfigured)
    await using(database, url, sealOf(key), async (records) => {
      expect(await records.encryption.uses()).toEqual([{ keyId: key.id, templates: 3, crops: 2 }])
    })
    // What was sealed before the interruption was not touched again.
    expect((await rawSql(url, 'select vector, checksum from template where image_id = 1'))[0]).toEqual({
      vector,
      checksum,
    })
  })

  it('opens nothing without the keys, says which, and changes nothing', async () => {
    const [url, key, other] = [await database.newUrl(), newKey(), newKey()]
    await using(database, url, sealOf(key), fill)
    const before = await contents(url, 1_000)
    for (const seal of [null, sealOf(other)]) {
      const opening = database.open({ url, seal })
      await expect(opening).rejects.toThrow(ServerMisconfigured)
      await expect(opening).rejects.toThrow(`${key.id} (2 templates, 1 crops of faces)`)
      await expect(opening).rejects.toThrow('ENCRYPTION_KEY_FILE')
    }
    expect(await contents(url, 1_000)).toEqual(before)
    expect(await recordKeyUses({ url, dataDir: database.folder(), clock })).toEqual([
      { keyId: key.id, templates: 2, crops: 1 },
    ])
    await using(database, url, sealOf(other, key), async (records) => {
      expect((await templatesOf(records)).size).toBe(2)
    })
  })

  it('a node that was started without the keys answers that it is not ready', async () => {
    const url = await database.newUrl()
    const early = await database.open({ url })
    await using(database, url, sealOf(newKey()), fill)
    await expectRefusal(early.people.crop(1), 'not-ready')
    await expectRefusal(early.people.matches([1], MODEL), 'not-ready')
    await expectRefusal(templatesOf(early), 'not-ready')
    await expectRefusal(early.templates.changesAfter(0, MODEL, 100), 'not-ready')
  })

  it('believes no row that was moved, changed, or put there readable', async () => {
    const url = await database.newUrl()
    const damaged: number[] = []
    const records = await database.open({ url, seal: sealOf(newKey()), onDamagedTemplate: (id) => damaged.push(id) })
    await fill(records)
    const plain = await database.newUrl()
    await using(database, plain, null, async (readable) => {
      await readable.people.enrol({ classId: 1, fields: fieldsOf('Lạ') }, [imageOf(99, { imageId: 1 })], ACTOR)
    })
    const [row] = await rawSql(plain, 'select vector, checksum from template where image_id = 1')
    await rawSql(url, 'update template set vector = ?, checksum = ?, key_id = null where image_id = 1', [
      row?.vector,
      row?.checksum,
    ])
    const [crop] = await rawSql(url, 'select jpeg, key_id from crop where image_id = 1')
    await rawSql(url, 'insert into crop (image_id, jpeg, key_id) values (3, ?, ?)', [crop?.jpeg, crop?.key_id])
    expect((await records.people.matches([1, 3], MODEL)).has(1)).toBe(false)
    expect(await records.people.crop(3)).toBeNull()
    expect(await records.people.crop(1)).not.toBeNull()
    expect(damaged).toEqual([1])
  })

  it('rotates to a new key while others enrol, and loses nothing', async () => {
    const [url, file] = [await database.newUrl(), join(database.folder(), `${database.kind}.key`)]
    rmSync(file, { force: true })
    const old = makeKeyFile(file, clock())
    const server = await database.open({ url, seal: valueSeal(keyFileRing(file)) })
    await fill(server)
    const enrolled: number[] = []
    let rotating = true
    const enrolling = (async () => {
      for (let n = 100; rotating || enrolled.length < 20; n++) {
        const { imageIds } = await server.people.enrol({ classId: null, fields: fieldsOf('Ai') }, [imageOf(n)], ACTOR)
        enrolled.push(...imageIds)
      }
    })()
    const current = addKey(file, clock())
    const rotation = await database.open({ url, seal: valueSeal(keyFileRing(file)) })
    while ((await rotation.encryption.uses()).some(({ keyId }) => keyId === old.id))
      await rotation.encryption.reseal(() => undefined)
    rotating = false
    await enrolling
    await rotation.encryption.reseal(() => undefined)
    expect((await rotation.encryption.uses()).map(({ keyId }) => keyId)).toEqual([current.id])
    const found = await templatesOf(server)
    expect(found.size).toBe(enrolled.length + 2)
    expect(found.get(3)).toEqual(templateOf(3))
    for (const imageId of enrolled) expect(await server.people.crop(imageId)).not.toBeNull()
  })

  it('backups hold what is stored: sealed rows stay sealed and open with their key', async () => {
    const [url, target, key] = [await database.newUrl(), await database.newUrl(), newKey()]
    const records = await database.open({ url, seal: sealOf(key) })
    await fill(records)
    const path = join(database.folder(), 'backups', await records.backup())
    const { rows } = await records.audit.verify()
    const config = { url: target, dataDir: database.folder(), clock }
    await restoreRecords(config, { path, seal: null }, ACTOR)
    expect(await contents(target, rows)).toEqual(await contents(url, rows))
    await expect(database.open({ url: target })).rejects.toThrow(key.id)
    await using(database, target, sealOf(key), async (restored) => {
      expect((await templatesOf(restored)).get(1)).toEqual(templateOf(1))
    })
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MariadbServer } from '../../test/mariadb/mariadb-server.ts'
import { rawSql } from '../../test/records/raw-sql.ts'
import { ACTOR, fieldsOf, imageOf, MODEL } from '../../test/records/samples.ts'
import { isRefusal } from '../domain/errors.ts'
import { openRecords } from './open-records.ts'

const clock = () => new Date()
const RECOVERY_MS_MAX = 5_000

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-outage-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function refusalOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'no refusal',
    (error: unknown) => (isRefusal(error) ? error.code : String(error)),
  )
}

describe('a MariaDB that is killed under load', () => {
  it('loses no acknowledged write, is refused as not ready meanwhile, and is used again within 5 s', async () => {
    const server = await MariadbServer.start({ durable: true })
    const url = await server.createDatabase('outage')
    const records = await openRecords({ url, dataDir: folder, clock })
    try {
      const acknowledged = new Set<number>()
      const refusals = new Set<string>()
      let writing = true
      let next = 0
      const clients = Array.from({ length: 8 }, async () => {
        while (writing) {
          const seed = next++
          try {
            const { imageIds } = await records.people.enrol(
              { classId: null, fields: fieldsOf(`Ai ${seed}`) },
              [imageOf(seed)],
              ACTOR,
            )
            for (const imageId of imageIds) acknowledged.add(imageId)
          } catch (error) {
            refusals.add(isRefusal(error) ? error.code : String(error))
            await sleep(5)
          }
        }
      })
      for (let round = 0; round < 3; round++) {
        const enough = acknowledged.size + 40
        while (acknowledged.size < enough) await sleep(5)
        await server.kill()
        expect(await refusalOf(records.ping())).toBe('not-ready')
        await server.run()
        const back = performance.now()
        while ((await refusalOf(records.ping())) !== 'no refusal') await sleep(20)
        expect(performance.now() - back).toBeLessThan(RECOVERY_MS_MAX)
      }
      writing = false
      await Promise.all(clients)
      expect(refusals).toEqual(new Set(['not-ready']))
      const stored = new Set((await rawSql(url, 'select image_id from image')).map((row) => row.image_id))
      expect([...acknowledged].filter((imageId) => !stored.has(imageId))).toEqual([])
      const { images, people, templates } = await records.templates.counts(MODEL)
      expect([people, templates]).toEqual([images, images])
      expect((await records.audit.verify()).faults).toEqual([])
    } finally {
      await records.close()
      await server.stop()
    }
  })
})

describe('deadlocks', () => {
  it('are tried again until every write is done', async () => {
    const server = await MariadbServer.start({ durable: false })
    const url = await server.createDatabase('deadlocks')
    const records = await openRecords({ url, dataDir: folder, clock })
    try {
      for (const classId of [1, 2, 3])
        await records.people.enrol({ classId, fields: fieldsOf(`Ai ${classId}`) }, [imageOf(classId)], ACTOR)
      // Another program that takes the same rows in the opposite order: ledger first, then people.
      const opposed = Array.from({ length: 10 }, (_, n) =>
        rawSql(
          url,
          `update ledger l join nguoi p on p.class_id = ${1 + (n % 3)} set l.id = 1, p.tuoi = coalesce(p.tuoi, 0) where l.id = 1`,
        ).catch(() => []),
      )
      const edits = Array.from({ length: 30 }, (_, n) => records.people.editPerson(1 + (n % 3), { age: n }, ACTOR))
      const resets = Array.from({ length: 3 }, () => records.people.reset({ people: false, backup: 'none' }, ACTOR))
      const enrolments = Array.from({ length: 30 }, (_, n) =>
        records.people.enrol({ classId: 1 + (n % 3), changes: {} }, [imageOf(100 + n)], ACTOR),
      )
      await Promise.all([...opposed, ...edits, ...resets, ...enrolments])
      expect((await records.audit.list({}, { page: 1, pageSize: 1 })).total).toBe(3 + 30 + 3 + 30)
      expect((await records.audit.verify()).faults).toEqual([])
    } finally {
      await records.close()
      await server.stop()
    }
  })
})

describe('a database that can not be reached', () => {
  it.each([
    ['nobody listens', 'mysql://root@127.0.0.1:1/face_db'],
    ['no such host', 'mysql://root@host.invalid/face_db'],
    ['mariadb as its name', 'mariadb://root@127.0.0.1:1/face_db'],
  ])('is refused as not ready: %s', async (_what, url) => {
    expect(await refusalOf(openRecords({ url, dataDir: folder, clock }))).toBe('not-ready')
  })

  it('is refused as not ready where a server takes the connection and says nothing', async () => {
    const silent = await listening()
    const url = `mysql://root@127.0.0.1:${portOf(silent)}/face_db`
    expect(await refusalOf(openRecords({ url, dataDir: folder, clock, mysql: { connectTimeoutMs: 100 } }))).toBe(
      'not-ready',
    )
    silent.close()
  })

  it('is waited for where that is asked', async () => {
    const server = await MariadbServer.start({ durable: false })
    const url = await server.createDatabase('late')
    await server.kill()
    const opening = openRecords({ url, dataDir: folder, clock, waitMs: 30_000 })
    await server.run()
    const records = await opening
    expect(await records.ping()).toBeGreaterThan(0)
    await records.close()
    await server.stop()
  })

  it('is refused as not ready where the file is none of a database, or its folder can not be made', async () => {
    const file = join(folder, 'text.sqlite')
    await writeFile(file, 'this is a letter, not a database'.repeat(100))
    for (const url of [file, join(file, 'below', 'x.sqlite')])
      expect(await refusalOf(openRecords({ url, dataDir: folder, clock }))).toBe('not-ready')
  })
})

async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address.port
}

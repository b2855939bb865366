import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { machineChecks } from '../../src/cli/doctor/check-machine.ts'
import { loadConfig } from '../../src/config/load.ts'
import { call, expectError } from '../http/call.ts'
import { type Contract, openContract } from '../http/contract.ts'
import { PASSWORD, startServer } from '../http/server-under-test.ts'
import { smallDisk } from './small-disk.ts'

const disk = smallDisk()

let contract: Contract
beforeAll(async () => {
  if (disk === null) return
  contract = await openContract(await startServer({ environment: { DATABASE_URL: join(disk.folder, 'faces.sqlite') } }))
})
afterAll(async () => {
  await contract?.server.close()
  disk?.remove()
})

test.skipIf(disk === null)(
  `a full disk stops writing, not recognising, and all goes on when there is room (${disk === null ? 'NOT TRIED: this user may not mount' : 'tried'})`,
  async () => {
    const { photo } = await contract.somebody('Trước')
    const other = contract.stranger()
    const enrol = async () =>
      await contract.as('editor', '/add_embedding', { fields: { ten_nguoi: 'Sau' }, files: [['file', other]] })
    const signIn = async () =>
      await call(contract.url, '/auth/login', { encoding: 'json', fields: { username: 'admin', password: PASSWORD } })
    disk?.fill()
    expectError(await enrol(), 'not-ready')
    expectError(await signIn(), 'not-ready')
    expectError(await contract.as('editor', '/delete_class', { fields: { class_id: 1 } }), 'not-ready')
    const recognised = await contract.call('/query', { files: [['file', photo]] })
    expect(recognised.body).toMatchObject({ nguoi: { ten: 'Trước' } })
    disk?.empty()
    expect((await enrol()).status).toBe(200)
    expect((await signIn()).status).toBe(200)
    const people = await call(contract.url, '/list_nguoi', { method: 'GET' })
    expect(people.body).toMatchObject({ results: { total: 2, nguoi_list: [{ ten: 'Trước' }, { ten: 'Sau' }] } })
    expect((await contract.server.nhandien.operations.audit.verify()).faults).toEqual([])
  },
)

test.skipIf(disk === null)(
  `the doctor says so of a full disk, and leaves nothing on it (${disk === null ? 'NOT TRIED: this user may not mount' : 'tried'})`,
  async () => {
    const folder = disk?.folder ?? ''
    const { config } = loadConfig({ DATA_DIR: folder }, folder)
    disk?.fill()
    const before = await readdir(folder)
    const finding = await machineChecks(config)
      .find(({ name }) => name === 'data directory')
      ?.run()
    expect(JSON.stringify(finding)).toContain('cannot be written')
    expect(await readdir(folder)).toEqual(before)
    disk?.empty()
  },
)

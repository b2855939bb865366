import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { MariadbServer, type TlsName, tlsFile } from '../../../test/mariadb/mariadb-server.ts'
import { isRefusal } from '../../domain/errors.ts'
import { openRecords } from '../open-records.ts'

async function open(url: string, tls: { ca?: string; rejectUnauthorized: boolean }): Promise<string> {
  try {
    const records = await openRecords({ url, dataDir: tmpdir(), clock: () => new Date(), mysql: { tls } })
    await records.close()
    return 'opened'
  } catch (error) {
    return isRefusal(error) ? error.code : String(error)
  }
}

/** Opens a database of a server with that certificate, or none, under the name `localhost`. */
async function outcomes(name: TlsName | undefined, ...wishes: { ca?: string; rejectUnauthorized: boolean }[]) {
  const server = await MariadbServer.start({ durable: false, ...(name === undefined ? {} : { tls: name }) })
  const url = (await server.createDatabase('tls')).replace('127.0.0.1', 'localhost')
  const found: string[] = []
  for (const wish of wishes) found.push(await open(url, wish))
  await server.stop()
  return found
}

describe('a connection over TLS', () => {
  it('is made to a server whose certificate is trusted, or where any may do', async () => {
    const ca = await readFile(tlsFile('localhost', 'certificate'), 'utf8')
    const wishes = [{ ca, rejectUnauthorized: true }, { rejectUnauthorized: true }, { rejectUnauthorized: false }]
    expect(await outcomes('localhost', ...wishes)).toEqual(['opened', 'not-ready', 'opened'])
  })

  it('is not made to a server that shows the trusted certificate of another', async () => {
    const ca = await readFile(tlsFile('elsewhere', 'certificate'), 'utf8')
    expect(await outcomes('elsewhere', { ca, rejectUnauthorized: true })).toEqual(['not-ready'])
  })

  it('is never a plain one where the server has no TLS', async () => {
    expect(await outcomes(undefined, { rejectUnauthorized: false })).toEqual(['not-ready'])
  })
})

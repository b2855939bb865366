import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { call } from '../http/call.ts'
import { groupPhoto } from '../http/photos.ts'
import { openRaw, type RawConnection } from '../http/raw.ts'
import { type ServerProcess, startLimited } from './limited-server.ts'

const DESCRIPTORS = 400
const CONNECTIONS_AT_A_TIME = 40
/** They are open, and what else is open stays open: nothing can be opened. */
const STANDARD_STREAMS = 3
/** In which whatever looks at something every few seconds has looked. */
const A_WHILE_MS = 8_000
const PATIENCE = { timeout: 30_000, interval: 100 }

// Elsewhere the limit is not known beforehand, and cannot be changed under a process.
describe.runIf(process.platform === 'linux')('a server that runs out of file descriptors', () => {
  test('turns connections away while it has some for itself, and serves others', async () => {
    const server = await start()
    const idle = await floodFrom(server, '127.0.0.1')
    const other = openRaw(server.url, '127.0.0.7')
    other.send('GET /health/ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect(await other.closed).toContain('200 OK')
    // Two networks together take all that there is.
    idle.push(...(await floodFrom(server, '127.0.0.8')))
    await vi.waitFor(() => expect(server.printed()).toContain('connections are turned away'), PATIENCE)
    for (const { socket } of idle) socket.destroy()
    await vi.waitFor(async () => expect(await detect(server)).toBe(200), PATIENCE)
    expect(server.isRunning()).toBe(true)
  })

  test('lives on when there is none at all, and serves when there are', async () => {
    const server = await start()
    expect(await detect(server)).toBe(200)
    limit(server, STANDARD_STREAMS)
    await sleep(A_WHILE_MS)
    expect(server.isRunning(), server.printed()).toBe(true)
    limit(server, DESCRIPTORS)
    await vi.waitFor(async () => expect(await detect(server)).toBe(200), PATIENCE)
  })
})

async function start(): Promise<ServerProcess> {
  const server = await startLimited({ before: `ulimit -n ${DESCRIPTORS}` })
  onTestFinished(async () => await server.close())
  return server
}

/** Opens connections that say nothing until many are turned away. */
async function floodFrom({ url }: ServerProcess, address: string): Promise<RawConnection[]> {
  const opened: RawConnection[] = []
  await vi.waitFor(() => {
    // A few at a time: what finds no room in the queue of the kernel is not turned away, but forgotten.
    for (let more = 0; more < CONNECTIONS_AT_A_TIME; more++) opened.push(openRaw(url, address))
    expect(opened.filter(({ socket }) => socket.destroyed).length).toBeGreaterThan(CONNECTIONS_AT_A_TIME)
  }, PATIENCE)
  return opened
}

function limit({ pid }: ServerProcess, descriptors: number): void {
  execFileSync('prlimit', ['--pid', `${pid}`, `--nofile=${descriptors}:${DESCRIPTORS}`])
}

async function detect({ url }: ServerProcess): Promise<number> {
  return (await call(url, '/detect', { files: [['file', groupPhoto(1)]] })).status
}

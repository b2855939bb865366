import { expect, test, vi } from 'vitest'
import { call } from '../http/call.ts'
import { groupPhoto } from '../http/photos.ts'
import { openRaw, type RawConnection } from '../http/raw.ts'
import { startLimited } from './limited-server.ts'

const DESCRIPTORS = 400
const CONNECTIONS_AT_A_TIME = 40

test.skipIf(process.platform === 'win32')(
  'a server that runs out of file descriptors turns connections away, and serves on when they are gone',
  { timeout: 120_000 },
  async () => {
    const server = await startLimited({ before: `ulimit -n ${DESCRIPTORS}` })
    try {
      const detect = async () => (await call(server.url, '/detect', { files: [['file', groupPhoto(1)]] })).status
      expect(await detect()).toBe(200)
      const idle: RawConnection[] = []
      const turnedAway = () => idle.filter(({ socket }) => socket.destroyed).length
      await vi.waitFor(
        () => {
          // A few at a time: what finds no room in the queue of the kernel is not turned away, but forgotten.
          for (let more = 0; more < CONNECTIONS_AT_A_TIME; more++) idle.push(openRaw(server.url))
          expect(turnedAway()).toBeGreaterThan(CONNECTIONS_AT_A_TIME)
        },
        { timeout: 30_000, interval: 100 },
      )
      for (const { socket } of idle) socket.destroy()
      await vi.waitFor(async () => expect(await detect()).toBe(200), { timeout: 30_000, interval: 100 })
      expect(server.isRunning()).toBe(true)
    } finally {
      await server.close()
    }
  },
)

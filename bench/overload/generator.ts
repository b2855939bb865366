/**
 * The process that makes the load. Where it may, it comes before everything else on the machine: it stands for the
 * clients of many, and whatever it is late by would be taken for the server's.
 */
import { readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connections } from '../connections.ts'
import { watchEventLoop } from '../event-loop.ts'
import type { Load, LoadOrder, LoadResult, Outcome } from './load.ts'

const PRIORITY = -10
const SECOND_MS = 1_000
const MICROSECONDS_PER_MS = 1_000
const TICK_MS = 1
const BOUNDARY = 'overload'

const readLoop = watchEventLoop()
try {
  setPriority(PRIORITY)
} catch {
  process.stderr.write('the generator may not raise its priority; its own delay is part of what is measured\n')
}
process.on('message', async (order: LoadOrder) => {
  process.send?.(await make(order))
})

async function make({ url, photo, loads, seconds }: LoadOrder): Promise<LoadResult> {
  const connections = new Connections(url)
  const body = uploadOf(await readFile(photo))
  readLoop()
  const before = process.cpuUsage()
  const waitedBefore = readLoop().cpuWaitMs
  const beganMs = performance.now()
  let sent = 0
  const outcomes = await Promise.all(loads.map((load) => run(load)))
  const { user, system } = process.cpuUsage(before)
  connections.close()
  const loop = readLoop()
  return {
    outcomes,
    loop: { ...loop, cpuWaitMs: loop.cpuWaitMs - waitedBefore },
    cpuMs: (user + system) / MICROSECONDS_PER_MS,
  }

  async function run(load: Load): Promise<readonly Outcome[]> {
    return 'clients' in load
      ? await closedLoop(load.address, load.clients)
      : await openLoop(load.address, load.perSecond)
  }

  async function closedLoop(address: string, clients: number): Promise<readonly Outcome[]> {
    const done: Outcome[] = []
    const client = async () => {
      while (performance.now() - beganMs < seconds * SECOND_MS) done.push(await send(address, performance.now()))
    }
    await Promise.all(Array.from({ length: clients }, client))
    return done
  }

  async function openLoop(address: string, perSecond: number): Promise<readonly Outcome[]> {
    const due: Promise<Outcome>[] = []
    const dueMs = () => beganMs + (due.length / perSecond) * SECOND_MS
    while (dueMs() < beganMs + seconds * SECOND_MS) {
      while (dueMs() <= performance.now()) due.push(send(address, dueMs()))
      await sleep(TICK_MS)
    }
    return await Promise.all(due)
  }

  async function send(address: string, due: number): Promise<Outcome> {
    const requestId = `overload-${process.pid}-${beganMs.toFixed(0)}-${sent++}`
    const head = [
      'POST /query HTTP/1.1',
      'host: localhost',
      `content-type: multipart/form-data; boundary=${BOUNDARY}`,
      `content-length: ${body.length}`,
      `x-forwarded-for: ${address}`,
      `x-request-id: ${requestId}`,
    ]
    const answer = await connections.exchange(`${head.join('\r\n')}\r\n\r\n`, body)
    return {
      requestId,
      status: answer.status,
      reason: answer.status === 503 ? reasonIn(answer.body) : null,
      dueMs: due - beganMs,
      sentMs: answer.sentMs - beganMs,
      headMs: answer.headMs - beganMs,
      endMs: answer.endMs - beganMs,
    }
  }
}

function reasonIn(body: string): string | null {
  const answer: { details?: { reason?: unknown } } = JSON.parse(body)
  return typeof answer.details?.reason === 'string' ? answer.details.reason : null
}

function uploadOf(photo: Buffer): Buffer {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n`
  return Buffer.concat([Buffer.from(head), photo, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
}

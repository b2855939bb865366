/**
 * The clients of a measured server, in a process of their own, so that what they use is not the server's. Each sends the
 * next request when the last was answered, over a connection that stays open.
 */
import { Agent, request } from 'node:http'

export interface LoadOrder {
  readonly url: string
  /** JPEGs, sent in turn. */
  readonly photos: readonly Uint8Array[]
  readonly clients: number
  readonly times: number
}

export interface LoadFigures {
  /** Answers with 200. */
  readonly accepted: number
  readonly refused: number
  /** Of what was accepted in between the first and the last of each client, when all of them were waiting. */
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly clientCpuMs: number
  readonly seconds: number
}

interface Answer {
  readonly status: number
  readonly ms: number
  readonly atMs: number
}

const BOUNDARY = 'closed-loop'
const HEAD = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="photo.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`
const HEADERS = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
const SECOND_MS = 1_000
const MICROSECONDS_PER_MS = 1_000
const OK = 200

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (figures) => process.send?.(figures),
    (error: unknown) => {
      throw error
    },
  )
})

async function run({ url, photos, clients, times }: LoadOrder): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const bodies = photos.map((photo) =>
    Buffer.concat([Buffer.from(HEAD), photo, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
  )
  const answers: Answer[] = []
  const startedCpu = process.cpuUsage()
  const startedMs = performance.now()
  let sent = 0
  const client = async () => {
    while (sent < times) {
      const body = bodies[sent++ % bodies.length]
      if (body !== undefined) answers.push(await send(`${url}/query`, agent, body))
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const { user, system } = process.cpuUsage(startedCpu)
  const seconds = (performance.now() - startedMs) / SECOND_MS
  agent.destroy()
  return { ...figuresOf(answers, clients), clientCpuMs: (user + system) / MICROSECONDS_PER_MS, seconds }
}

function figuresOf(answers: readonly Answer[], clients: number) {
  const accepted = answers.filter(({ status }) => status === OK)
  const ends = 3 * clients <= accepted.length ? clients : 0
  const steady = accepted.slice(ends, accepted.length - ends)
  const sorted = steady.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
  const spanMs = (steady.at(-1)?.atMs ?? Number.NaN) - (steady[0]?.atMs ?? Number.NaN)
  return {
    accepted: accepted.length,
    refused: answers.length - accepted.length,
    perSecond: ((steady.length - 1) * SECOND_MS) / spanMs,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

function send(url: string, agent: Agent, body: Buffer): Promise<Answer> {
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, 'content-length': body.length }
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () => {
        const atMs = performance.now()
        resolve({ status: response.statusCode ?? 0, ms: atMs - startedMs, atMs })
      })
      response.once('error', reject)
    })
    sending.once('error', reject)
    sending.end(body)
  })
}

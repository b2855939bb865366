/**
 * The clients of a measured server, in a process of their own, so that what they use is not the server's. Each sends the
 * next request when the last was answered, over a connection that stays open.
 */
import { type Answer, Connections } from './connections.ts'

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

const BOUNDARY = 'closed-loop'
const HEAD = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="photo.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`
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
  const connections = new Connections(url)
  const requests = photos.map((photo) => requestOf(url, photo))
  const answers: Answer[] = []
  const startedCpu = process.cpuUsage()
  const startedMs = performance.now()
  let sent = 0
  const client = async () => {
    while (sent < times) {
      const request = requests[sent++ % requests.length]
      if (request !== undefined) answers.push(await connections.exchange(request.head, request.body))
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const { user, system } = process.cpuUsage(startedCpu)
  const seconds = (performance.now() - startedMs) / SECOND_MS
  connections.close()
  return { ...figuresOf(answers, clients), clientCpuMs: (user + system) / MICROSECONDS_PER_MS, seconds }
}

function requestOf(url: string, photo: Uint8Array): { readonly head: string; readonly body: Uint8Array } {
  const body = Buffer.concat([Buffer.from(HEAD), photo, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
  const head = [
    'POST /query HTTP/1.1',
    `host: ${new URL(url).host}`,
    `content-type: multipart/form-data; boundary=${BOUNDARY}`,
    `content-length: ${body.length}`,
  ]
  return { head: `${head.join('\r\n')}\r\n\r\n`, body }
}

function figuresOf(answers: readonly Answer[], clients: number) {
  const accepted = answers.filter(({ status }) => status === OK)
  const ends = 3 * clients <= accepted.length ? clients : 0
  const steady = accepted.slice(ends, accepted.length - ends)
  const sorted = steady.map(({ sentMs, endMs }) => endMs - sentMs).sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
  const spanMs = (steady.at(-1)?.endMs ?? Number.NaN) - (steady[0]?.endMs ?? Number.NaN)
  return {
    accepted: accepted.length,
    refused: answers.length - accepted.length,
    perSecond: ((steady.length - 1) * SECOND_MS) / spanMs,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

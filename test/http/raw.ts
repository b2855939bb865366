import { connect, type Socket } from 'node:net'

/** A bare connection, for what no HTTP client would send. */
export interface RawConnection {
  readonly socket: Socket
  send(text: string | Uint8Array): void
  /** All that came until the server closed the connection. */
  readonly closed: Promise<string>
  /** What came so far, once it holds the text; also resolves when the connection was closed. */
  until(text: string): Promise<string>
}

/** @param from the local address to connect from */
export function openRaw(url: string, from?: string): RawConnection {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, localAddress: from })
  let received = ''
  let isClosed = false
  const waiting = new Set<() => void>()
  const look = () => {
    for (const check of waiting) check()
  }
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    received += String(chunk)
    look()
  })
  // A connection that the server resets is closed, which is what tests ask for.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => {
    const done = () => {
      isClosed = true
      socket.destroy()
      look()
      resolve(received)
    }
    socket.once('end', done)
    socket.once('close', done)
  })
  return {
    socket,
    send: (text) => {
      socket.write(text)
    },
    closed,
    until: (text) =>
      new Promise((resolve) => {
        const check = () => {
          if (!isClosed && !received.includes(text)) return
          waiting.delete(check)
          resolve(received)
        }
        waiting.add(check)
        check()
      }),
  }
}

/** The status of the first answer in what a connection received; 0 without one. */
export function statusOf(received: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 0)
}

/** HTTP over bare sockets, as cheap as can be: what a generator needs for itself it takes from the server. */
import { connect, type Socket } from 'node:net'

export interface Answer {
  /** 0 where the connection failed. */
  readonly status: number
  readonly body: string
  readonly sentMs: number
  readonly headMs: number
  readonly endMs: number
}

interface Exchange {
  readonly sentMs: number
  headMs: number
  received: string
  readonly resolve: (answer: Answer) => void
}

const HEAD_END = '\r\n\r\n'

/** Connections that are kept and used again, as many as are needed at one time. */
export class Connections {
  readonly #host: string
  readonly #port: number
  readonly #idle: Socket[] = []
  readonly #all = new Set<Socket>()
  readonly #exchanges = new WeakMap<Socket, Exchange>()

  constructor(url: string) {
    const { hostname, port } = new URL(url)
    this.#host = hostname
    this.#port = Number(port)
  }

  exchange(head: string, body: Uint8Array): Promise<Answer> {
    const socket = this.#idle.pop() ?? this.#open()
    return new Promise((resolve) => {
      this.#exchanges.set(socket, { sentMs: performance.now(), headMs: Number.NaN, received: '', resolve })
      socket.cork()
      socket.write(head)
      socket.write(body)
      socket.uncork()
    })
  }

  close(): void {
    for (const socket of this.#all) socket.destroy()
  }

  #open(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true })
    this.#all.add(socket)
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => this.#receive(socket, String(chunk)))
    // What follows is 'close'.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#all.delete(socket)
      const at = this.#idle.indexOf(socket)
      if (at >= 0) this.#idle.splice(at, 1)
      this.#settle(socket, 0, '')
    })
    return socket
  }

  #receive(socket: Socket, chunk: string): void {
    const exchange = this.#exchanges.get(socket)
    if (exchange === undefined) return
    if (exchange.received === '') exchange.headMs = performance.now()
    exchange.received += chunk
    const headLength = exchange.received.indexOf(HEAD_END) + HEAD_END.length
    if (headLength < HEAD_END.length) return
    const head = exchange.received.slice(0, headLength).toLowerCase()
    const length = Number(/^content-length: (\d+)\r$/m.exec(head)?.[1])
    if (exchange.received.length < headLength + length) return
    const status = Number(head.slice('http/1.1 '.length, 'http/1.1 200'.length))
    if (/^connection: close\r$/m.test(head)) socket.end()
    else this.#idle.push(socket)
    this.#settle(socket, status, exchange.received.slice(headLength))
  }

  #settle(socket: Socket, status: number, body: string): void {
    const exchange = this.#exchanges.get(socket)
    if (exchange === undefined) return
    this.#exchanges.delete(socket)
    const { sentMs, headMs, resolve } = exchange
    resolve({ status, body, sentMs, headMs, endMs: performance.now() })
  }
}

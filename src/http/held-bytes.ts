import type { FastifyInstance } from 'fastify'
import { Refusal } from '../domain/errors.ts'

/** What uploads hold in memory, over all requests of the server. */
export class HeldBytes {
  readonly #max: number
  #held = 0

  constructor(max: number) {
    this.#max = max
  }

  /** @throws Refusal `overloaded` when so many more bytes could not be held */
  check(bytes: number): void {
    if (this.#held + bytes > this.#max) throw new Refusal('overloaded')
  }

  /** @throws Refusal `overloaded`, holding nothing more */
  hold(bytes: number): void {
    this.check(bytes)
    this.#held += bytes
  }

  release(bytes: number): void {
    this.#held -= bytes
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What this request's uploads hold. */
    heldBytes: number
  }
}

/** Lets go of what a request holds once its answer is out or its client is gone. */
export function releaseHeldBytes(app: FastifyInstance, held: HeldBytes): void {
  app.decorateRequest('heldBytes', 0)
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => held.release(request.heldBytes))
    done()
  })
}

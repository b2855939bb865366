import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import files from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

const DOCUMENTS = { '/': 'index.html', '/auth.html': 'auth.html' } as const
const NONCE_BYTES = 16
/** Where a document takes the nonce of its answer. */
const NONCE_PLACE = '<meta name="csp-nonce" content=""'
const YEAR_MS = 365 * 24 * 3_600_000
/** Names of built files carry a hash of their content; anything else is none of them. */
const FILE_NAME = /^[\w.-]+$/

/**
 * The pages, from the folder they were built into; it is read at the start. Documents are made anew for every request,
 * files beside them never change under one name. They hold no data: what they show, they call for.
 */
export async function pageRoutes(app: FastifyInstance, folder: string): Promise<void> {
  const config = { access: 'open' as const }
  const schema = { hide: true }
  await app.register(async (pages) => {
    await pages.register(files, { root: join(folder, 'assets'), serve: false, preCompressed: true })

    for (const [url, name] of Object.entries(DOCUMENTS)) {
      const document = readFileSync(join(folder, name), 'utf8')
      if (!document.includes(NONCE_PLACE)) throw new Error(`${name} has no place for a nonce`)
      pages.get(url, { config, schema }, async (_request, reply) => {
        const nonce = randomBytes(NONCE_BYTES).toString('base64')
        setPageHeaders(reply, nonce)
        return reply
          .type('text/html; charset=utf-8')
          .send(document.replace(NONCE_PLACE, NONCE_PLACE.replace('""', `"${nonce}"`)))
      })
    }

    pages.get<{ Params: { file: string } }>(
      '/assets/:file',
      { config, schema },
      async ({ params: { file } }, reply) => {
        if (!FILE_NAME.test(file)) return reply.callNotFound()
        return await reply.sendFile(file, { maxAge: YEAR_MS, immutable: true })
      },
    )
  })
}

/**
 * What the pages may do: run the scripts and style sheets that were built, talk to this server, show pictures they hold
 * in memory, and look through the camera. The component library makes a few style elements of its own; the nonce lets
 * those in and no others. Its style attributes are set through the DOM, which the policy does not touch.
 */
function setPageHeaders(reply: FastifyReply, nonce: string): void {
  reply.header(
    'content-security-policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
  )
  reply.header('permissions-policy', 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()')
}

import { randomBytes } from 'node:crypto'

/** Made up once: that a photo holds it by chance is not to be expected of 128 bits. */
const BOUNDARY = `nhandien${randomBytes(16).toString('hex')}`
export const MULTIPART_HEADERS = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } as const

/** The body of a form with text fields and one photo. */
export function multipartBody(fields: Readonly<Record<string, string>>, photo: Uint8Array): Buffer {
  const texts = Object.entries(fields).map(([name, value]) => `${opening(name)}\r\n\r\n${value}\r\n`)
  return Buffer.concat([
    Buffer.from(`${texts.join('')}${opening('file')}; filename="photo.jpg"\r\n\r\n`),
    photo,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ])
}

function opening(name: string): string {
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"`
}

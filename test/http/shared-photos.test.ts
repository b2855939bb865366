import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DetectAnswer } from '../../src/http/wire/recognition.ts'
import { type Answered, call, expectError } from './call.ts'
import { groupPhoto, hasSharedData, SHARED_DATA } from './photos.ts'
import { type ServerUnderTest, startServer } from './server-under-test.ts'

/** Longer than the slowest photo may take, queue and all. */
const ANSWER_MS_MAX = 30_000
const REJECTIONS = ['image-unreadable', 'image-too-large', 'image-unsupported'] as const

let server: ServerUnderTest
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => await server.close())

const detect = async (bytes: Uint8Array, name: string) =>
  await call(server.url, '/detect', { files: [['file', bytes, name]] })

function facesIn(answered: Answered): number | null {
  return answered.status === 200 ? (answered.body as DetectAnswer).faces.length : null
}

function expectRejection(answered: Answered, name: string): void {
  expect([413, 415, 422], `${name}: ${JSON.stringify(answered.body)}`).toContain(answered.status)
  const { code } = answered.body as { code: (typeof REJECTIONS)[number] }
  expect(REJECTIONS, name).toContain(code)
  expectError(answered, code)
}

test.runIf(!hasSharedData)(
  'the photographs of odd/ and hostile/ are not here; only the demo photos were tried',
  async () => {
    expect(facesIn(await detect(groupPhoto(1), 'sample1.jpg'))).toBe(3)
  },
)

interface Expectation {
  readonly file: string
  readonly expect: string
}

describe.runIf(hasSharedData)('odd photos', () => {
  const folder = join(SHARED_DATA, 'odd')
  const expectations: readonly Expectation[] = hasSharedData
    ? JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
    : []

  test.each(expectations.map((row) => [row.file, row.expect] as const))('%s: %s', async (file, wanted) => {
    const answered = await detect(readFileSync(join(folder, file)), file)
    const faces = facesIn(answered)
    switch (wanted) {
      case 'one-face':
        expect(faces, JSON.stringify(answered.body)).toBe(1)
        break
      case 'one-face-or-clear-415':
      case 'one-face-or-clear-413':
        if (faces === null) expect(answered.status).toBe(Number(wanted.slice(-3)))
        else expect(faces).toBe(1)
        break
      case 'no-face':
        expect(faces, JSON.stringify(answered.body)).toBe(0)
        break
      case 'no-face-or-reject':
        if (faces === null) expectRejection(answered, file)
        else expect(faces).toBe(0)
        break
      case 'reject':
        expectRejection(answered, file)
        break
      default:
        if (faces === null) expectRejection(answered, file)
    }
  })
})

describe.runIf(hasSharedData)('hostile photos', () => {
  const folder = join(SHARED_DATA, 'hostile')

  test('each is answered or refused clearly, and a good photo is served right after', {
    timeout: 300_000,
  }, async () => {
    const files = readdirSync(folder).filter((file) => !file.endsWith('.json') && !file.endsWith('.md'))
    expect(files.length).toBeGreaterThan(100)
    for (const file of files) {
      const answered = await Promise.race([
        detect(readFileSync(join(folder, file)), file),
        new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`${file} hangs`)), ANSWER_MS_MAX).unref()),
      ])
      if (facesIn(answered) === null) expectRejection(answered, file)
    }
    expect(facesIn(await detect(groupPhoto(1), 'sample1.jpg'))).toBe(3)
    expect(server.nhandien.extractor.status().restarts).toBe(0)
  })
})

import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, expectError } from './call.ts'
import { type Contract, openContract } from './contract.ts'
import { startServer } from './server-under-test.ts'

const SIDE_PX = 240
const STEPS = 60

let contract: Contract
beforeAll(async () => {
  contract = await openContract(await startServer())
})
afterAll(async () => await contract.server.close())

const squared = async (photo: Buffer) =>
  await sharp(photo).resize(SIDE_PX, SIDE_PX, { fit: 'fill' }).removeAlpha().raw().toBuffer()

/** Photos between one of a stranger and one of an enrolled person, the one most like that person last. */
async function ascent(from: Buffer, to: Buffer, classId: number): Promise<Buffer[]> {
  const [start, end] = [await squared(from), await squared(to)]
  const scored: { photo: Buffer; score: number }[] = []
  for (let step = 0; step <= STEPS; step++) {
    const mixed = Buffer.from(start.map((value, at) => value + ((end[at] ?? 0) - value) * (step / STEPS)))
    const raw = { width: SIDE_PX, height: SIDE_PX, channels: 3 as const }
    const photo = await sharp(mixed, { raw }).jpeg({ quality: 95 }).toBuffer()
    const { verify } = contract.server.nhandien.operations
    const score = await verify(Uint8Array.from(photo), { classId }, {}).then(
      (verification) => verification.score,
      () => null,
    )
    if (score !== null) scored.push({ photo, score: Math.round(score * 1e4) })
  }
  scored.sort((a, b) => a.score - b.score)
  return scored.filter(({ score }, at) => score !== scored[at - 1]?.score).map(({ photo }) => photo)
}

test('whoever climbs towards a person by repeated queries is stopped and noted', async () => {
  const { classId, photo } = await contract.somebody('Nguyễn Đích')
  const photos = await ascent(contract.stranger(), photo, classId)
  expect(photos.length).toBeGreaterThan(31)
  const answers: number[] = []
  for (const each of photos) {
    const answered = await contract.call('/query_top5', { files: [['file', each]] })
    answers.push(answered.status)
    if (answered.status !== 200) break
  }
  expect(answers).toEqual([...Array.from({ length: 30 }, () => 200), 429])
  for (const path of ['/query', '/query_top5', '/verify']) {
    const wish = { files: [['file', photo] as const], fields: path === '/verify' ? { class_id: classId } : {} }
    const refused = await contract.call(path, wish)
    expect(expectError(refused, 'too-many-requests').details?.retry_after_seconds).toBeGreaterThan(3000)
  }
  expect((await contract.call('/detect', { files: [['file', photo]] })).status).toBe(200)
  expect((await contract.as('viewer', '/query', { files: [['file', photo]] })).status).toBe(200)
  const token = await contract.server.tokenOf('admin')
  const { body } = await call(contract.url, '/audit_logs?action=score_climb', { method: 'GET', token })
  expect(body).toMatchObject({ total: 1, results: [{ target: `person:${classId}`, username: null }] })
})

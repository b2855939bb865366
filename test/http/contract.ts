import { readFileSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Role } from '../../src/domain/account.ts'
import type { EnrolAnswer } from '../../src/http/wire/change.ts'
import type { DetectAnswer } from '../../src/http/wire/recognition.ts'
import { onceARun } from '../models/once-a-run.ts'
import { type Answered, type Call, call } from './call.ts'
import { GROUP_SIZES, groupPhoto, portrait } from './photos.ts'
import { CONSOLE, type ServerUnderTest } from './server-under-test.ts'

/** What the tests of the endpoints share: a running server, accounts of every role, and a cast of real faces. */
export interface Contract {
  readonly url: string
  readonly server: ServerUnderTest
  call(path: string, wish?: Call): Promise<Answered>
  as(role: Role, path: string, wish?: Call): Promise<Answered>
  /** Removes everybody, and gives the whole cast back. */
  startOver(): Promise<void>
  /** A photo of somebody of whom no photo was given out since. */
  stranger(): Buffer
  /** Enrols a stranger. */
  somebody(name: string): Promise<{ classId: number; imageId: number; photo: Buffer }>
}

export async function openContract(server: ServerUnderTest): Promise<Contract> {
  const { url } = server
  const tokens = new Map<Role, string>()
  for (const role of ['viewer', 'editor', 'admin'] as const) tokens.set(role, await server.tokenOf(role))
  const portraits = await cutPortraits(url)
  let cast = [...portraits]
  const as: Contract['as'] = async (role, path, wish = {}) =>
    await call(url, path, { token: tokens.get(role) ?? '', ...wish })
  const stranger = (): Buffer => {
    const photo = cast.pop()
    if (photo === undefined) throw new Error('the cast is used up; fewer strangers, or more group photos')
    return photo
  }
  return {
    url,
    server,
    as,
    stranger,
    startOver: async () => {
      await server.nhandien.operations.remove.everything({ people: true, confirmed: true }, CONSOLE)
      cast = [...portraits]
    },
    call: async (path, wish = {}) => await call(url, path, wish),
    somebody: async (name) => {
      const photo = stranger()
      const { status, body } = await as('editor', '/add_embedding', {
        fields: { ten_nguoi: name },
        files: [['file', photo]],
      })
      if (status !== 200) throw new Error(`${name} was not enrolled: ${JSON.stringify(body)}`)
      const answer = body as EnrolAnswer
      return { classId: answer.class_id, imageId: answer.image_id, photo }
    },
  }
}

/** Another photo of the same face: smaller, darker, compressed again. */
export async function retaken(photo: Buffer): Promise<Buffer> {
  const { width = 0 } = await sharp(photo).metadata()
  return await sharp(photo)
    .resize(Math.round(width * 0.8))
    .modulate({ brightness: 0.9 })
    .jpeg({ quality: 80 })
    .toBuffer()
}

/** Every face of the group photos that a portrait can be cut of, on its own. */
async function cutPortraits(url: string): Promise<Buffer[]> {
  const folder = await onceARun('portraits', async (folder) => {
    let count = 0
    for (const index of GROUP_SIZES.keys()) {
      const photo = groupPhoto(index + 1)
      const { body } = await call(url, '/detect', { files: [['file', photo]] })
      for (const { box } of (body as DetectAnswer).faces)
        await writeFile(join(folder, `${100 + count++}.jpg`), await portrait(photo, box))
    }
  })
  return (await readdir(folder)).sort().map((name) => readFileSync(join(folder, name)))
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../../domain/errors.ts'
import { readJsonFile } from './json-file.ts'

/** A photo of which somebody counted the faces. */
export interface CountedPhoto {
  /** Path. */
  readonly photo: string
  readonly facesMin: number
  readonly facesMax: number
  /** What makes it hard to tell, such as a drawn face; null where nothing does. */
  readonly tricky: string | null
}

const ANSWERS = ['any', 'reject', 'clear-413', 'clear-415', 'no-face', 'one-face'] as const

/** A file and the ways in which it may be answered. */
export interface ExpectedAnswer {
  /** Path. */
  readonly photo: string
  readonly accepted: readonly (typeof ANSWERS)[number][]
}

/** Lists of files that a folder may hold; in the last every answer will do, so long as it is one. */
const COUNTS_FILE = 'index.json'
const ANSWERS_FILES = ['expected.json', 'hostile.json']

/**
 * The photos that a folder's `index.json` counts faces for: `[{ file, faces }]` or `[{ file, faces_min, faces_max }]`,
 * each perhaps with `tricky`, a reason to take it apart from the others.
 * @returns null where there is no such list
 * @throws Refusal `file-invalid`
 */
export async function readCountedPhotos(folder: string): Promise<readonly CountedPhoto[] | null> {
  const list = await readList(join(folder, COUNTS_FILE))
  if (list === null || !list.some((entry) => 'faces' in entry || 'faces_min' in entry)) return null
  return list.map((entry) => {
    const facesMin = entry.faces_min ?? entry.faces
    const facesMax = entry.faces_max ?? facesMin
    if (!isCount(facesMin) || !isCount(facesMax) || facesMax < facesMin) throw invalid(folder, COUNTS_FILE, entry.file)
    const { tricky } = entry
    return { photo: join(folder, entry.file), facesMin, facesMax, tricky: typeof tricky === 'string' ? tricky : null }
  })
}

/**
 * The files that a folder's `expected.json` states answers for: `[{ file, expect }]`, where `expect` is `any`,
 * `reject`, `no-face`, `one-face`, `clear-413`, `clear-415`, or several of them joined by `-or-`. In `hostile.json` no
 * answer is stated: any will do.
 * @returns null where there is no such list
 * @throws Refusal `file-invalid`
 */
export async function readExpectedAnswers(folder: string): Promise<readonly ExpectedAnswer[] | null> {
  for (const name of ANSWERS_FILES) {
    const list = await readList(join(folder, name))
    if (list === null) continue
    return list.map((entry) => {
      const expect = entry.expect ?? 'any'
      if (typeof expect !== 'string') throw invalid(folder, name, entry.file)
      const accepted = expect.split('-or-').map((text) => {
        const answer = ANSWERS.find((known) => known === text)
        if (answer === undefined) throw invalid(folder, name, entry.file)
        return answer
      })
      return { photo: join(folder, entry.file), accepted }
    })
  }
  return null
}

export function howManyFaces({ facesMin, facesMax }: CountedPhoto): string {
  return facesMin === facesMax ? String(facesMin) : `${facesMin} to ${facesMax}`
}

type Entry = Readonly<Record<string, unknown>> & { readonly file: string }

async function readList(file: string): Promise<readonly Entry[] | null> {
  if (!existsSync(file)) return null
  const list = await readJsonFile(file)
  if (!Array.isArray(list)) throw new Refusal('file-invalid', { file, reason: 'is not a list' })
  return list.map((entry: unknown) => {
    if (!isEntry(entry)) throw new Refusal('file-invalid', { file, reason: 'has an entry without a file' })
    return entry
  })
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'file' in value && typeof value.file === 'string'
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function invalid(folder: string, list: string, file: string): Refusal {
  return new Refusal('file-invalid', { file: join(folder, list), reason: `says nothing that can be used of ${file}` })
}

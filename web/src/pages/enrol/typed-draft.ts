import { GENDERS } from '../../api/person.ts'
import type { TypedPerson } from './person-fields.tsx'
import type { CheckedPhoto } from './use-photo-checks.ts'

/** What is worth keeping when the session ends in mid-work; null where nothing was entered yet. */
export function draftOf(typed: TypedPerson, photos: readonly CheckedPhoto[]): unknown {
  const empty = typed.name === '' && typed.age === null && typed.gender === null && typed.residence === ''
  return empty && photos.length === 0 ? null : { typed, files: photos.map(({ file }) => file) }
}

/** Null for anything that is no such draft. */
export function readDraft(kept: unknown): { readonly typed: TypedPerson; readonly files: readonly File[] } | null {
  if (typeof kept !== 'object' || kept === null || !('typed' in kept) || !('files' in kept)) return null
  const { typed, files } = kept
  if (typeof typed !== 'object' || typed === null || !Array.isArray(files)) return null
  const text = (name: string) => {
    const value: unknown = Reflect.get(typed, name)
    return typeof value === 'string' ? value : ''
  }
  const age: unknown = Reflect.get(typed, 'age')
  return {
    typed: {
      name: text('name'),
      age: typeof age === 'number' ? age : null,
      gender: GENDERS.find((one) => one === text('gender')) ?? null,
      residence: text('residence'),
    },
    files: files.filter((file) => file instanceof File),
  }
}

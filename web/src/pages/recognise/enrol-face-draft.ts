import { GENDERS, type Gender } from '../../api/person.ts'

export const ENROL_FACE_DRAFT = 'enrol-face'

export interface Entered {
  readonly name: string
  readonly age: number | null
  readonly gender: Gender | null
  readonly residence: string
}

/** What a draft of the dialog holds, or null where it is none. */
export function enrolFaceDraft(content: unknown): { readonly photo: Blob; readonly entered: Entered } | null {
  if (typeof content !== 'object' || content === null) return null
  if (!('photo' in content && content.photo instanceof Blob && 'name' in content && 'residence' in content)) return null
  const age = 'age' in content && typeof content.age === 'number' ? content.age : null
  const gender = 'gender' in content ? (GENDERS.find((one) => one === content.gender) ?? null) : null
  const entered = { name: String(content.name), age, gender, residence: String(content.residence) }
  return { photo: content.photo, entered }
}

import { Value } from 'typebox/value'
import { PeopleAnswer } from './listing.ts'
import { NAME } from './person.ts'

/** Under which field a client sends the name of a person to be enrolled. */
export const [NAME_FIELD] = NAME.names

/** The people of a list, as a client reads them; none where it is no such list. */
export function peopleListed(body: unknown): readonly { readonly classId: number; readonly name: string }[] {
  if (!Value.Check(PeopleAnswer, body)) return []
  return body.results.nguoi_list.map(({ class_id, ten }) => ({ classId: class_id, name: ten }))
}

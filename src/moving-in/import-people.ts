import type { Actor } from '../domain/account.ts'
import type { ImportLookup } from '../domain/import-lookup.ts'
import type { Person, PersonFields } from '../domain/person.ts'
import type { PeopleRecords } from '../domain/records.ts'
import type { PersonOnLine } from './people-csv.ts'
import type { SkippedRow } from './skipped-row.ts'

/** One transaction. */
const PEOPLE_PER_BATCH = 500

export interface ImportParts {
  readonly people: PeopleRecords
  readonly imports: ImportLookup
  readonly actor: Actor
}

export interface PeopleImportWish {
  /** Whether people who are known are changed to what the file says. */
  readonly update: boolean
  /** Whether nothing is written. */
  readonly dryRun: boolean
  /** @param done people of the file so far */
  readonly onProgress: (done: number) => void
}

export interface PeopleImportReport {
  readonly created: number
  readonly updated: number
  /** Known and the same as in the file. */
  readonly unchanged: number
  /** Known, different from the file, and left as they were. */
  readonly skipped: readonly SkippedRow[]
}

/**
 * Brings people in under the class ids that they had. Every batch is one transaction with an audit row for each
 * person; after an interruption the same call goes on where it stopped.
 */
export async function importPeople(
  { people: records, imports, actor }: ImportParts,
  people: readonly PersonOnLine[],
  wish: PeopleImportWish,
): Promise<PeopleImportReport> {
  let [created, updated, unchanged] = [0, 0, 0]
  const skipped: SkippedRow[] = []
  for (let start = 0; start < people.length; start += PEOPLE_PER_BATCH) {
    const batch = people.slice(start, start + PEOPLE_PER_BATCH)
    const known = await imports.people(batch.map(({ person }) => person.classId))
    const fresh: Person[] = []
    for (const { line, person } of batch) {
      const before = known.get(person.classId)
      if (before === undefined) fresh.push(person)
      else if (isSame(before, person)) unchanged++
      else if (wish.update) {
        if (!wish.dryRun) await records.editPerson(person.classId, fieldsOf(person), actor)
        updated++
      } else skipped.push({ row: `line ${line}`, reason: `class_id ${person.classId} is known; --update changes it` })
    }
    if (fresh.length > 0 && !wish.dryRun)
      await records.enrolMany(
        fresh.map((person) => ({ subject: { classId: person.classId, fields: fieldsOf(person) }, images: [] })),
        actor,
      )
    created += fresh.length
    wish.onProgress(start + batch.length)
  }
  return { created, updated, unchanged, skipped }
}

function fieldsOf({ name, age, gender, residence }: Person): PersonFields {
  return { name, age, gender, residence }
}

function isSame(a: Person, b: Person): boolean {
  return a.name === b.name && a.age === b.age && a.gender === b.gender && a.residence === b.residence
}

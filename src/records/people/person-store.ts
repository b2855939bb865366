import { Refusal } from '../../domain/errors.ts'
import type { Person } from '../../domain/person.ts'
import type { Queries } from '../database.ts'
import { inPieces } from '../in-pieces.ts'
import { PERSON_COLUMNS, personColumns, readPerson } from './person-row.ts'

/**
 * The person, whom no other write can change or remove until this transaction ends; undefined where there is none.
 * Writing the row locks it on every database, which `for update` does not.
 */
export async function tryLockPerson(tx: Queries, classId: number, nowMs: number): Promise<Person | undefined> {
  await tx.updateTable('nguoi').set({ updated_at: nowMs }).where('class_id', '=', classId).execute()
  const row = await tx.selectFrom('nguoi').select(PERSON_COLUMNS).where('class_id', '=', classId).executeTakeFirst()
  return row === undefined ? undefined : readPerson(row)
}

/** @throws Refusal `person-not-found` */
export async function lockPerson(tx: Queries, classId: number, nowMs: number): Promise<Person> {
  const person = await tryLockPerson(tx, classId, nowMs)
  if (person === undefined) throw new Refusal('person-not-found', { classId })
  return person
}

export async function storePerson(tx: Queries, person: Person): Promise<void> {
  const { class_id, ...columns } = personColumns(person)
  await tx.updateTable('nguoi').set(columns).where('class_id', '=', class_id).execute()
}

const PEOPLE_PER_STATEMENT = 500

export async function insertPeople(tx: Queries, people: readonly Person[], nowMs: number): Promise<void> {
  const rows = people.map((person) => ({ ...personColumns(person), created_at: nowMs, updated_at: nowMs }))
  for (const some of inPieces(rows, PEOPLE_PER_STATEMENT)) await tx.insertInto('nguoi').values(some).execute()
}

/** @throws Refusal `field-invalid` */
export async function refuseTakenClassIds(tx: Queries, classIds: readonly number[]): Promise<void> {
  for (const some of inPieces(classIds, PEOPLE_PER_STATEMENT)) {
    const taken = await tx.selectFrom('nguoi').select('class_id').where('class_id', 'in', some).executeTakeFirst()
    if (taken !== undefined)
      throw new Refusal('field-invalid', { field: 'class_id', reason: 'taken', classId: taken.class_id })
  }
}

import { Refusal } from '../../domain/errors.ts'
import type { Person } from '../../domain/person.ts'
import type { Queries } from '../database.ts'
import { inPieces } from '../in-pieces.ts'
import { PERSON_COLUMNS, personColumns, readPerson } from './person-row.ts'

/** Keeps statements under every database's limit of parameters. */
const PEOPLE_PER_STATEMENT = 500

/**
 * Those of the people that exist, by class id; no other write can change or remove them until this transaction ends.
 * Writing the rows locks them on every database, which `for update` does not. In the order of their ids, so that two
 * writes of many can't block each other.
 */
export async function lockPeople(
  tx: Queries,
  classIds: readonly number[],
  nowMs: number,
): Promise<ReadonlyMap<number, Person>> {
  const people = new Map<number, Person>()
  for (const some of inPieces(
    classIds.toSorted((a, b) => a - b),
    PEOPLE_PER_STATEMENT,
  )) {
    await tx.updateTable('nguoi').set({ updated_at: nowMs }).where('class_id', 'in', some).execute()
    const rows = await tx.selectFrom('nguoi').select(PERSON_COLUMNS).where('class_id', 'in', some).execute()
    for (const row of rows) people.set(row.class_id, readPerson(row))
  }
  return people
}

/** Undefined where there is none. */
export async function tryLockPerson(tx: Queries, classId: number, nowMs: number): Promise<Person | undefined> {
  return (await lockPeople(tx, [classId], nowMs)).get(classId)
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

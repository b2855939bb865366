import { type RawRow, rawSql } from '../records/raw-sql.ts'
import { templateOf } from './running-node.ts'
import type { Expectation, PersonState } from './writer.ts'

/** The name of people whom no writer touches. */
export const BYSTANDER = 'bystander'

/** What the tables hold of each person, read past the product: the bytes of each image's template. */
type StoredPeople = ReadonlyMap<string, ReadonlyMap<string, Buffer>>

async function storedPeople(databaseUrl: string): Promise<StoredPeople> {
  const rows = await rawSql(
    databaseUrl,
    `select nguoi.ten as name, image.label as label, template.vector as vector from nguoi
      left join image on image.class_id = nguoi.class_id left join template on template.image_id = image.image_id
      where nguoi.ten <> '${BYSTANDER}'`,
  )
  const people = new Map<string, Map<string, Buffer>>()
  for (const row of rows) {
    const images = people.get(String(row.name)) ?? new Map<string, Buffer>()
    if (row.label !== null) images.set(String(row.label), bytesOf(row))
    people.set(String(row.name), images)
  }
  return people
}

/** An image without a template has no bytes, and is as no writer expects it. */
function bytesOf({ vector }: RawRow): Buffer {
  return Buffer.isBuffer(vector) ? vector : Buffer.alloc(0)
}

/** What differs between the tables and what was acknowledged; nothing, if all is well. */
export async function complaintsAbout(databaseUrl: string, expectations: readonly Expectation[]): Promise<string[]> {
  const stored = await storedPeople(databaseUrl)
  const known = new Set(expectations.map(({ name }) => name))
  const strangers = [...stored.keys()].filter((name) => !known.has(name)).map((name) => `${name} is not expected`)
  const wrong = expectations
    .filter(({ name, allowed }) => !allowed.some((state) => isAs(stored.get(name), state)))
    .map(({ name, allowed }) => `${name} is ${describe(stored.get(name))}, not ${allowed.map(describe).join(' or ')}`)
  return [...strangers, ...wrong]
}

function isAs(images: ReadonlyMap<string, Buffer> | undefined, state: PersonState): boolean {
  if (images === undefined || state === null) return images === undefined && state === null
  return (
    images.size === state.size &&
    [...state].every(([label, seed]) => images.get(label)?.equals(new Uint8Array(templateOf(seed).buffer)))
  )
}

function describe(images: ReadonlyMap<string, unknown> | null | undefined): string {
  if (images === undefined || images === null) return 'absent'
  return `there with [${[...images].map(([label, of]) => (typeof of === 'number' ? `${label}=${of}` : label)).join()}]`
}

import type { EditAnswer, RemoveImageAnswer, RemovePersonAnswer } from '../../../src/http/wire/change.ts'
import type { ImagesAnswer, ImagesOfAnswer, PeopleAnswer } from '../../../src/http/wire/listing.ts'
import type { MergeAnswer, MoveAnswer, SplitAnswer } from '../../../src/http/wire/rearrangement.ts'
import { call } from './call.ts'
import { type Person, type PersonFields, personOf, wireFields } from './person.ts'

export const PERSON_ORDERS = [
  'class_id_asc',
  'class_id_desc',
  'name_asc',
  'name_desc',
  'age_asc',
  'age_desc',
  'updated_desc',
  'updated_asc',
] as const
export type PersonOrder = (typeof PERSON_ORDERS)[number]

export interface ListedPerson extends Person {
  readonly photos: number
  /** The photo that stands for the person; null without one. */
  readonly imageId: number | null
}

export interface PeoplePage {
  readonly people: readonly ListedPerson[]
  readonly total: number
  readonly pages: number
}

export interface PeopleWish {
  /** Part of a name, age, residence or id, without regard to case and accents. */
  readonly words: string
  readonly page: number
  readonly pageSize: number
  readonly order: PersonOrder
}

export interface StoredPhoto {
  readonly id: number
  readonly label: string
  readonly createdAt: string
}

/** At most, by the contract. */
const PAGE_SIZE_MAX = 100

export async function listPeople(
  { words, page, pageSize, order }: PeopleWish,
  signal?: AbortSignal,
): Promise<PeoplePage> {
  const query = { query: words, page, page_size: pageSize, sort_by: order }
  const answer = await call<PeopleAnswer>('/list_nguoi', { query, ...(signal === undefined ? {} : { signal }) })
  const { nguoi_list, total } = answer.results
  const people = nguoi_list.map((row) => ({ ...personOf(row), photos: row.so_anh, imageId: row.image_id }))
  return { people, total, pages: answer.total_pages }
}

/** @throws ApiError `person-not-found` */
export async function person(id: number): Promise<Person> {
  return personOf((await call<ImagesOfAnswer>(`/get_image_ids_by_class/${id}`)).nguoi)
}

/** Oldest first. */
export async function photosOf(id: number): Promise<readonly StoredPhoto[]> {
  const photos: StoredPhoto[] = []
  for (let page = 1, pages = 1; page <= pages; page++) {
    const query = { query: id, page, page_size: PAGE_SIZE_MAX, sort_by: 'image_id_asc' }
    const { results, total_pages } = await call<ImagesAnswer>('/search_embeddings', { query })
    for (const { image_id, image_path, created_at } of results)
      photos.push({ id: image_id, label: image_path, createdAt: created_at })
    pages = total_pages
  }
  return photos
}

/** Those of the fields that are given; null clears one. */
export async function editPerson(id: number, fields: PersonFields): Promise<Person> {
  const body = { class_id: id, ...wireFields(fields) }
  return personOf((await call<EditAnswer>('/edit_embedding', { method: 'PUT', body })).nguoi)
}

export async function removePhoto(id: number): Promise<void> {
  await call<RemoveImageAnswer>('/delete_image', { body: { image_id: id } })
}

/** How many photos went along. */
export async function removePerson(id: number): Promise<number> {
  return (await call<RemovePersonAnswer>('/delete_class', { body: { class_id: id } })).images_deleted
}

export async function movePhoto(id: number, personId: number): Promise<Person> {
  return personOf((await call<MoveAnswer>('/move_image', { body: { image_id: id, class_id: personId } })).nguoi)
}

export interface Merge {
  readonly imageIds: readonly number[]
  /** Photos that both had. */
  readonly dropped: number
}

export async function mergePeople(from: number, into: number): Promise<Merge> {
  const body = { from_class_id: from, into_class_id: into }
  const { image_ids, images_deleted } = await call<MergeAnswer>('/merge_people', { body })
  return { imageIds: image_ids, dropped: images_deleted }
}

/** Photos of a person become those of a new one; `newId` where one is wanted. */
export async function splitPerson(
  id: number,
  imageIds: readonly number[],
  fields: PersonFields,
  newId?: number,
): Promise<Person> {
  const chosen = newId === undefined ? {} : { new_class_id: newId }
  const body = { class_id: id, image_ids: imageIds, ...wireFields(fields), ...chosen }
  return personOf((await call<SplitAnswer>('/split_person', { body })).nguoi)
}

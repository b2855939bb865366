import Type, { type Static } from 'typebox'
import type { AuditRow } from '../../domain/audit-records.ts'
import type { Page, Paged } from '../../domain/paging.ts'
import type { Person } from '../../domain/person.ts'
import type { PersonWithImageCount, StoredImage } from '../../domain/records.ts'
import { actionAnswer } from './audit-action.ts'
import { ClassId, nullable, PersonAnswer, personAnswer } from './person.ts'

const paging = { page: Type.Integer(), page_size: Type.Integer(), total_pages: Type.Integer() }
const Instant = Type.String({ format: 'date-time' })

function pagingAnswer(total: number, { page, pageSize }: Page): Static<ReturnType<typeof Type.Object<typeof paging>>> {
  return { page, page_size: pageSize, total_pages: Math.ceil(total / pageSize) }
}

export const PeopleAnswer = Type.Object({
  results: Type.Object({
    nguoi_list: Type.Array(
      Type.Object({
        ...PersonAnswer.properties,
        so_anh: Type.Integer({ minimum: 0 }),
        image_id: nullable(Type.Integer({ description: 'The first of the images.' })),
      }),
    ),
    total: Type.Integer(),
  }),
  ...paging,
})
export type PeopleAnswer = Static<typeof PeopleAnswer>

export function peopleAnswer({ rows, total }: Paged<PersonWithImageCount>, page: Page): PeopleAnswer {
  const people = rows.map((person) => ({
    ...personAnswer(person),
    so_anh: person.imageCount,
    image_id: person.firstImageId,
  }))
  return { results: { nguoi_list: people, total }, ...pagingAnswer(total, page) }
}

export const ImagesAnswer = Type.Object({
  results: Type.Array(
    Type.Object({
      image_id: Type.Integer(),
      image_path: Type.String(),
      class_id: ClassId,
      created_at: Instant,
      updated_at: Instant,
    }),
  ),
  total: Type.Integer(),
  ...paging,
})
export type ImagesAnswer = Static<typeof ImagesAnswer>

export function imagesAnswer({ rows, total }: Paged<StoredImage>, page: Page): ImagesAnswer {
  return {
    results: rows.map((image) => ({
      image_id: image.imageId,
      image_path: image.label,
      class_id: image.classId,
      created_at: image.createdAt.toISOString(),
      updated_at: image.updatedAt.toISOString(),
    })),
    total,
    ...pagingAnswer(total, page),
  }
}

export const ImagesOfAnswer = Type.Object({
  class_id: ClassId,
  image_ids: Type.Array(Type.Integer()),
  count: Type.Integer(),
  nguoi: PersonAnswer,
})
export type ImagesOfAnswer = Static<typeof ImagesOfAnswer>

export function imagesOfAnswer({ person, imageIds }: { person: Person; imageIds: readonly number[] }): ImagesOfAnswer {
  return {
    class_id: person.classId,
    image_ids: [...imageIds],
    count: imageIds.length,
    nguoi: personAnswer(person),
  }
}

const AuditRowAnswer = Type.Object({
  id: Type.Integer(),
  at: Instant,
  username: nullable(Type.String()),
  action: Type.String(),
  target: nullable(Type.String()),
  address: nullable(Type.String()),
  request_id: nullable(Type.String()),
  outcome: Type.String({ enum: ['done', 'refused'] }),
  details: Type.Record(Type.String(), Type.Unknown()),
})
type AuditRowAnswer = Static<typeof AuditRowAnswer>

export function auditRowAnswer(row: AuditRow): AuditRowAnswer {
  return {
    id: row.id,
    at: row.at.toISOString(),
    username: row.username,
    action: actionAnswer(row.action),
    target: row.target,
    address: row.address,
    request_id: row.requestId,
    outcome: row.outcome,
    details: { ...row.details },
  }
}

export const AuditAnswer = Type.Object({ results: Type.Array(AuditRowAnswer), total: Type.Integer(), ...paging })
export type AuditAnswer = Static<typeof AuditAnswer>

export function auditAnswer({ rows, total }: Paged<AuditRow>, page: Page): AuditAnswer {
  return { results: rows.map(auditRowAnswer), total, ...pagingAnswer(total, page) }
}

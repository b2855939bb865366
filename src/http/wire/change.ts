import Type, { type Static, type TProperties } from 'typebox'
import type { Edit } from '../../operations/edit.ts'
import type { Enrolment } from '../../operations/enrol.ts'
import type { Reset } from '../../operations/remove.ts'
import { refusalSentence } from './error.ts'
import type { Language } from './language.ts'
import { ClassId, PersonAnswer, personAnswer } from './person.ts'

const Success = Type.Literal(true)
const ImageId = Type.Integer({ examples: [7] })

function auditInfo<A extends string, P extends TProperties>(action: A, more: P) {
  return Type.Object({ performed_by: Type.String({ examples: ['admin'] }), action: Type.Literal(action), ...more })
}

export const EnrolAnswer = Type.Object({
  success: Success,
  message: Type.Literal('Embedding added successfully'),
  class_id: ClassId,
  image_id: ImageId,
  image_ids: Type.Array(ImageId),
  nguoi: PersonAnswer,
  rejected: Type.Array(Type.Object({ index: Type.Integer(), code: Type.String(), error: Type.String() })),
  audit_info: auditInfo('add_embedding', {}),
})
export type EnrolAnswer = Static<typeof EnrolAnswer>

export function enrolAnswer(enrolment: Enrolment, performedBy: string, language: Language): EnrolAnswer {
  const { person, imageIds, rejected } = enrolment
  const [imageId] = imageIds
  if (imageId === undefined) throw new Error('an enrolment of no image is a refusal, not an answer')
  return {
    success: true,
    message: 'Embedding added successfully',
    class_id: person.classId,
    image_id: imageId,
    image_ids: [...imageIds],
    nguoi: personAnswer(person),
    rejected: rejected.map(({ index, refusal }) => ({
      index,
      code: refusal.code,
      error: refusalSentence(refusal, language),
    })),
    audit_info: { performed_by: performedBy, action: 'add_embedding' },
  }
}

export const EditAnswer = Type.Object({
  success: Success,
  message: Type.Literal('Embedding updated successfully'),
  nguoi: PersonAnswer,
  image_id: Type.Optional(ImageId),
  embedding_updated: Type.Boolean(),
  fields_changed: Type.Array(Type.String(), { examples: [['ten_nguoi']] }),
  audit_info: auditInfo('edit_embedding', {}),
})
export type EditAnswer = Static<typeof EditAnswer>

/** What changed fields are called on the wire; names that the records use already are left alone. */
const CHANGED_NAMES: Readonly<Record<string, string>> = {
  name: 'ten_nguoi',
  age: 'tuoi',
  gender: 'gioi_tinh',
  residence: 'noi_o',
  label: 'image_path',
  classId: 'class_id',
}

export function editAnswer(edit: Edit, performedBy: string): EditAnswer {
  return {
    success: true,
    message: 'Embedding updated successfully',
    nguoi: personAnswer(edit.person),
    ...(edit.imageId === null ? {} : { image_id: edit.imageId }),
    embedding_updated: edit.embeddingUpdated,
    fields_changed: edit.fieldsChanged.map((name) => CHANGED_NAMES[name] ?? name),
    audit_info: { performed_by: performedBy, action: 'edit_embedding' },
  }
}

export const RemoveImageAnswer = Type.Object({
  success: Success,
  message: Type.Literal('Image deleted successfully'),
  images_deleted: Type.Integer(),
  audit_info: auditInfo('delete_image', { target_image_id: Type.String({ examples: ['7'] }) }),
})
export type RemoveImageAnswer = Static<typeof RemoveImageAnswer>

export function removeImageAnswer(imageId: number, performedBy: string): RemoveImageAnswer {
  return {
    success: true,
    message: 'Image deleted successfully',
    images_deleted: 1,
    audit_info: { performed_by: performedBy, action: 'delete_image', target_image_id: String(imageId) },
  }
}

export const RemovePersonAnswer = Type.Object({
  success: Success,
  message: Type.Literal('Class deleted successfully'),
  images_deleted: Type.Integer(),
  audit_info: auditInfo('delete_class', {
    target_class_id: Type.String({ examples: ['42'] }),
    warning: Type.Literal('TOÀN BỘ dữ liệu của class_id đã được xóa vĩnh viễn'),
  }),
})
export type RemovePersonAnswer = Static<typeof RemovePersonAnswer>

export function removePersonAnswer(classId: number, imagesRemoved: number, performedBy: string): RemovePersonAnswer {
  return {
    success: true,
    message: 'Class deleted successfully',
    images_deleted: imagesRemoved,
    audit_info: {
      performed_by: performedBy,
      action: 'delete_class',
      target_class_id: String(classId),
      warning: 'TOÀN BỘ dữ liệu của class_id đã được xóa vĩnh viễn',
    },
  }
}

export const ResetAnswer = Type.Object({
  success: Success,
  message: Type.Literal('Index reset successfully'),
  images_deleted: Type.Integer(),
  people_deleted: Type.Integer(),
  backup: Type.String({ description: 'File name of the backup that was written before.' }),
  audit_info: auditInfo('reset_index', {}),
})
export type ResetAnswer = Static<typeof ResetAnswer>

export function resetAnswer({ imagesRemoved, peopleRemoved, backup }: Reset, performedBy: string): ResetAnswer {
  return {
    success: true,
    message: 'Index reset successfully',
    images_deleted: imagesRemoved,
    people_deleted: peopleRemoved,
    backup,
    audit_info: { performed_by: performedBy, action: 'reset_index' },
  }
}

import Type, { type Static } from 'typebox'
import type { Person } from '../../domain/person.ts'
import type { StoredImage } from '../../domain/records.ts'
import type { Merge } from '../../operations/rearrange.ts'
import { ClassId, PersonAnswer, personAnswer } from './person.ts'

const Success = Type.Literal(true)
const ImageId = Type.Integer({ examples: [7] })

function auditInfo<A extends string>(action: A) {
  return Type.Object({ performed_by: Type.String({ examples: ['admin'] }), action: Type.Literal(action) })
}

export const MoveAnswer = Type.Object({
  success: Success,
  message: Type.Literal('Image moved successfully'),
  image_id: ImageId,
  class_id: ClassId,
  nguoi: PersonAnswer,
  audit_info: auditInfo('move_image'),
})
export type MoveAnswer = Static<typeof MoveAnswer>

export function moveAnswer(
  { image, person }: { readonly image: StoredImage; readonly person: Person },
  performedBy: string,
): MoveAnswer {
  return {
    success: true,
    message: 'Image moved successfully',
    image_id: image.imageId,
    class_id: person.classId,
    nguoi: personAnswer(person),
    audit_info: { performed_by: performedBy, action: 'move_image' },
  }
}

export const MergeAnswer = Type.Object({
  success: Success,
  message: Type.Literal('People merged successfully'),
  class_id: ClassId,
  nguoi: PersonAnswer,
  image_ids: Type.Array(ImageId, { description: 'Those that were moved; a split with them undoes the merge.' }),
  images_deleted: Type.Integer({ description: 'Images of a photo that the other person had already.' }),
  audit_info: auditInfo('merge_people'),
})
export type MergeAnswer = Static<typeof MergeAnswer>

export function mergeAnswer({ person, imageIdsMoved, imagesRemoved }: Merge, performedBy: string): MergeAnswer {
  return {
    success: true,
    message: 'People merged successfully',
    class_id: person.classId,
    nguoi: personAnswer(person),
    image_ids: [...imageIdsMoved],
    images_deleted: imagesRemoved,
    audit_info: { performed_by: performedBy, action: 'merge_people' },
  }
}

export const SplitAnswer = Type.Object({
  success: Success,
  message: Type.Literal('Person split successfully'),
  class_id: ClassId,
  nguoi: PersonAnswer,
  audit_info: auditInfo('split_person'),
})
export type SplitAnswer = Static<typeof SplitAnswer>

export function splitAnswer({ person }: { readonly person: Person }, performedBy: string): SplitAnswer {
  return {
    success: true,
    message: 'Person split successfully',
    class_id: person.classId,
    nguoi: personAnswer(person),
    audit_info: { performed_by: performedBy, action: 'split_person' },
  }
}

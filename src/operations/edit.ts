import { type Actor, callerOf } from '../domain/account.ts'
import { Refusal } from '../domain/errors.ts'
import { checkPersonChanges, type Person, type PersonChanges } from '../domain/person.ts'
import { refuseEnrolledElsewhere } from './enrolled-elsewhere.ts'
import type { RecognitionParts } from './recognise.ts'
import { type SamplingParts, takeSample } from './sample.ts'

export interface EditRequest {
  /** The image concerned; its person is concerned too. */
  readonly imageId?: number
  /** The person concerned, where no image is; with an image it must be the image's own. */
  readonly classId?: number
  /** Replaces the image's template and crop; encoded, transferred away. */
  readonly photo?: Uint8Array
  readonly label?: string
  readonly fields: PersonChanges
  readonly strict: boolean
  /** Accepts a face that is known under another person. */
  readonly force: boolean
}

export interface Edit {
  readonly person: Person
  readonly imageId: number | null
  readonly embeddingUpdated: boolean
  readonly fieldsChanged: readonly string[]
}

export interface EditParts extends SamplingParts, RecognitionParts {
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>
}

/** Changes an image (its photo, its label) and the person it shows, in one transaction. */
export function editor(parts: EditParts) {
  /**
   * @throws Refusal `image-not-found`, `person-not-found`, `field-missing`, `field-invalid`, `already-enrolled`, and what
   *   taking a sample refuses
   */
  return async function edit(request: EditRequest, actor: Actor): Promise<Edit> {
    const fields = checkPersonChanges(request.fields)
    const { imageId, classId } = request
    if (imageId !== undefined) return await editImage(imageId, request, fields, actor)
    if (request.photo !== undefined || request.label !== undefined)
      throw new Refusal('field-missing', { field: 'image_id' })
    if (classId === undefined) throw new Refusal('field-missing', { field: 'class_id' })
    const written = await parts.people.editPerson(classId, fields, actor)
    await parts.catchUp(written.revision)
    return {
      person: written.person,
      imageId: null,
      embeddingUpdated: false,
      fieldsChanged: written.fieldsChanged,
    }
  }

  async function editImage(imageId: number, request: EditRequest, fields: PersonChanges, actor: Actor): Promise<Edit> {
    const image = await parts.people.image(imageId)
    if (image === null) throw new Refusal('image-not-found', { imageId })
    if (request.classId !== undefined && request.classId !== image.classId)
      throw new Refusal('field-invalid', { field: 'class_id', reason: 'not-of-this-image' })
    const { photo, label = image.label } = request
    const wish = { strict: request.strict, caller: callerOf(actor) }
    const sample = photo === undefined ? undefined : await takeSample(parts, { bytes: photo, label }, wish)
    return await parts.exclusively(async () => {
      if (sample !== undefined && !request.force)
        await refuseEnrolledElsewhere(parts, [{ index: 0, template: sample.template }], image.classId)
      const change = {
        ...(sample === undefined ? {} : { replacement: sample }),
        ...(request.label === undefined ? {} : { label: request.label }),
        personChanges: fields,
      }
      const written = await parts.people.editImage(imageId, change, actor)
      await parts.catchUp(written.revision)
      return {
        person: written.person,
        imageId,
        embeddingUpdated: sample !== undefined,
        fieldsChanged: written.fieldsChanged,
      }
    })
  }
}

export type EditRecords = ReturnType<typeof editor>

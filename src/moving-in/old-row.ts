import { isRefusal } from '../domain/errors.ts'
import { CLASS_ID_MAX, checkText, IMAGE_ID_MAX, LABEL_LENGTH_MAX } from '../domain/person.ts'
import { checkTemplate } from '../domain/template.ts'
import type { NpyCell } from '../formats/npy/dtype.ts'

const OLD_ID_LENGTH_MAX = 255
const WHOLE_NUMBER = /^[1-9]\d{0,15}$/

/** An image of the old system that can be stored here. */
export interface OldImage {
  readonly oldId: string
  readonly classId: number
  readonly label: string
  readonly template: Float32Array
}

/** The image of a row, or what is wrong with it. */
export function readOldRow(
  cells: { readonly imageId: NpyCell; readonly classId: NpyCell; readonly imagePath: NpyCell },
  template: Float32Array,
  dimension: number,
): OldImage | string {
  const oldId = oldIdOf(cells.imageId)
  if (oldId === '' || oldId.length > OLD_ID_LENGTH_MAX) return 'its image id is empty or too long'
  const classId = textOf(cells.classId)
  if (!WHOLE_NUMBER.test(classId) || Number(classId) > CLASS_ID_MAX)
    return `its class id ${JSON.stringify(classId.slice(0, OLD_ID_LENGTH_MAX))} is no whole number from 1 to ${CLASS_ID_MAX}`
  try {
    checkTemplate(template, dimension)
    checkText('image_id', oldId, OLD_ID_LENGTH_MAX)
    // The end of a path says more than its beginning.
    const path = [...textOf(cells.imagePath).normalize('NFC')].slice(-LABEL_LENGTH_MAX).join('')
    const label = checkText('image_path', path, LABEL_LENGTH_MAX)
    return { oldId, classId: Number(classId), label: label || oldId, template }
  } catch (error) {
    if (isRefusal(error, 'template-invalid')) return `its vector ${String(error.details.reason)}`
    if (isRefusal(error, 'field-invalid'))
      return `its ${String(error.details.field)} has ${String(error.details.reason)}`
    throw error
  }
}

/** What an image was called, as the records remember it. */
export function oldIdOf(cell: NpyCell): string {
  return textOf(cell).normalize('NFC')
}

/** The id that an image keeps, where the old one is a number that fits; null where it gets another. */
export function keptImageId(oldId: string): number | null {
  return WHOLE_NUMBER.test(oldId) && Number(oldId) <= IMAGE_ID_MAX ? Number(oldId) : null
}

function textOf(cell: NpyCell): string {
  return cell === null ? '' : String(cell).trim()
}

import type { Page } from '../../domain/paging.ts'
import { CLASS_ID_MAX, IMAGE_ID_MAX, LABEL_LENGTH_MAX } from '../../domain/person.ts'
import type { ImageSortKey, PersonOrder, PersonSortKey } from '../../domain/records.ts'
import { RANK_LIMIT_DEFAULT, RANK_LIMIT_MAX } from '../../operations/rank.ts'
import type { FileField, Form } from '../form.ts'
import { EXPORT_FORMATS } from './audit-export.ts'
import {
  choiceField,
  type Field,
  flagField,
  instantField,
  integerField,
  integersField,
  numberField,
  textField,
} from './field.ts'

export const FILE: FileField = { names: ['file', 'image'], description: 'The photo.' }
export const FILES: FileField = {
  names: ['file', 'image'],
  description: 'One photo or several, each as a part of its own.',
}
export const FILE_2: FileField = { names: ['file2', 'image2'], description: 'The photo to compare with.' }

export const CLASS_ID = integerField(
  ['class_id'],
  { min: 1, max: CLASS_ID_MAX },
  { description: 'The person.', examples: [42] },
)

export const IMAGE_ID = integerField(
  ['image_id'],
  { min: 1, max: IMAGE_ID_MAX },
  { description: 'The image.', examples: [7] },
)

const IMAGE_IDS_MAX = 1_000
export const IMAGE_IDS = integersField(
  ['image_ids'],
  { min: 1, max: IMAGE_ID_MAX, countMax: IMAGE_IDS_MAX },
  { description: 'The images: a JSON array, or numbers with commas between them.', examples: [[7, 8]] },
)

export const FROM_CLASS_ID: Field<number> = { ...CLASS_ID, names: ['from_class_id'] }
export const INTO_CLASS_ID: Field<number> = { ...CLASS_ID, names: ['into_class_id'] }
export const NEW_CLASS_ID = integerField(
  ['new_class_id'],
  { min: 1, max: CLASS_ID_MAX },
  { description: 'The id that the new person shall have; the next free one where absent.' },
)

export const LABEL = textField(['image_path'], LABEL_LENGTH_MAX, {
  description: "A label for the image; the upload's file name where absent. It is data: nothing is opened by it.",
  examples: ['an-2024.jpg'],
})

export const THRESHOLD = numberField(
  ['threshold'],
  { min: -1, max: 1 },
  { description: "Cosine above which a candidate is a match; only values stricter than the server's have an effect." },
)

export const LIMIT = integerField(
  ['limit'],
  { min: 1, max: RANK_LIMIT_MAX },
  { description: 'How many candidates at most.', default: RANK_LIMIT_DEFAULT },
)

export const GROUP_BY = choiceField(['group_by'], ['person', 'image'], {
  description: 'The best image of each person, or images on their own.',
  default: 'person',
})

export const STRICT = flagField(['strict'], {
  description: 'Refuse photos of several faces instead of taking the main one.',
})
export const FORCE = flagField(['force'], {
  description: 'Accept a face that is already enrolled under another person.',
})
export const CONFIRM = flagField(['confirm'], { description: 'Required where the server wants a reset confirmed.' })

export const SCOPE = choiceField(['scope'], ['images', 'all'], {
  description: 'All images and templates, or the people too.',
  default: 'images',
})

/** Far beyond any table, yet small enough that every offset is an exact number. */
const PAGE_MAX = 2 ** 31 - 1
export const PAGE_SIZE_MAX = 100
export const PAGE_SIZE_DEFAULT = 15

export const PAGE = integerField(['page'], { min: 1, max: PAGE_MAX }, { description: 'From 1.', default: 1 })
export const PAGE_SIZE = integerField(
  ['page_size'],
  { min: 1, max: PAGE_SIZE_MAX },
  { description: 'Rows a page.', default: PAGE_SIZE_DEFAULT },
)
export const PAGING = [PAGE, PAGE_SIZE] as const

/** @throws Refusal `field-invalid` */
export function readPage(form: Form): Page {
  return { page: form.optional(PAGE) ?? 1, pageSize: form.optional(PAGE_SIZE) ?? PAGE_SIZE_DEFAULT }
}

const SEARCH_LENGTH_MAX = 200
export const SEARCH_TEXT = textField(['query'], SEARCH_LENGTH_MAX, {
  description: 'Part of a name, age, address or class_id, without regard to case or accents; all where empty.',
  examples: ['nguyen'],
})

/** A class id again, under the name that the list of images gives it. */
export const IMAGES_OF: Field<number> = { ...CLASS_ID, names: ['query'] }

const SORT_KEYS = [
  'image_id',
  'class_id',
  'image_path',
  'created',
  'updated',
] as const satisfies readonly ImageSortKey[]
type SortOrder = `${ImageSortKey}_${'asc' | 'desc'}`
const SORT_ORDERS = SORT_KEYS.flatMap((key): SortOrder[] => [`${key}_asc`, `${key}_desc`])

export const SORT_BY: Field<SortOrder> = choiceField(['sort_by'], SORT_ORDERS, {
  description: 'What the images are sorted by.',
  default: 'image_id_asc',
})

export function sortOf(order: SortOrder): { sortBy: ImageSortKey; descending: boolean } {
  const sortBy = SORT_KEYS.find((key) => order.startsWith(`${key}_a`) || order.startsWith(`${key}_d`)) ?? 'image_id'
  return { sortBy, descending: order.endsWith('_desc') }
}

const PERSON_SORT_KEYS = ['class_id', 'name', 'age', 'updated'] as const satisfies readonly PersonSortKey[]
type PersonSortOrder = `${PersonSortKey}_${'asc' | 'desc'}`
const PERSON_SORT_ORDERS = PERSON_SORT_KEYS.flatMap((key): PersonSortOrder[] => [`${key}_asc`, `${key}_desc`])

export const SORT_PEOPLE_BY: Field<PersonSortOrder> = choiceField(['sort_by'], PERSON_SORT_ORDERS, {
  description: 'What the people are sorted by; what is not known comes last.',
  default: 'class_id_asc',
})

export function personOrderOf(order: PersonSortOrder): PersonOrder {
  const sortBy = PERSON_SORT_KEYS.find((key) => order.startsWith(key)) ?? 'class_id'
  return { sortBy, descending: order.endsWith('_desc') }
}

const FILTER_LENGTH_MAX = 100
export const AUDIT_USERNAME = textField(['username'], FILTER_LENGTH_MAX, { description: 'Who did it.' })
export const AUDIT_ACTION = textField(['action'], FILTER_LENGTH_MAX, { description: 'What was done.' })
export const AUDIT_FROM = instantField(['from'], { description: 'Not before this day or instant (ISO 8601, UTC).' })
export const AUDIT_TO = instantField(['to'], { description: 'Before this day or instant (ISO 8601, UTC).' })
export const AUDIT_FORMAT = choiceField(['format'], EXPORT_FORMATS, {
  description: 'A table for spreadsheets, or one JSON object a line.',
  default: 'csv',
})

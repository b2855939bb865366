/**
 * Text as a search compares it: without case and accents, so that "da nang" finds "Đà Nẵng" in any Unicode form, and
 * with single spaces.
 */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/gu, 'd')
    .replace(/\s+/gu, ' ')
    .trim()
    .normalize('NFC')
}

/** Longest key that fits its column, code points. */
export const SEARCH_KEY_LENGTH_MAX = 400

/** Between fields, where no folded text has it, so that no match runs from one field into the next. */
export const BETWEEN_FIELDS = '\n'

/** All that a search for people looks into, as one folded text. */
export function searchKeyOf(row: {
  class_id: number
  ten: string | null
  tuoi: number | null
  noio: string | null
}): string {
  const fields = [String(row.class_id), row.ten ?? '', row.tuoi === null ? '' : String(row.tuoi), row.noio ?? '']
  return [...fields.map(fold).join(BETWEEN_FIELDS)].slice(0, SEARCH_KEY_LENGTH_MAX).join('')
}

import { LABEL_LENGTH_MAX } from '../domain/person.ts'

const UNNAMED = 'upload'

/** Controls, unpaired surrogates, and marks that turn the direction of what is around them. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu

/** A label made of an upload's file name, which is never refused, only cleaned. */
export function labelOf(fileName: string): string {
  const clean = fileName.normalize('NFC').replace(UNFIT, '').trim()
  return [...clean].slice(0, LABEL_LENGTH_MAX).join('').trim() || UNNAMED
}

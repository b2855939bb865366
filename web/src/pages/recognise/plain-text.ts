/** Without accents and capitals, as people type when they search: the stroke of the letter d is no accent to Unicode. */
export function plainText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('\u0111', 'd')
}

/** Stored text for a terminal: what would move the cursor, colour the screen or turn the line around is shown as �. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\ufffd')
}

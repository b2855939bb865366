const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it stands, for elements and attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/** @param rows the first cell of each is its head */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head =
    columns.length === 0 ? '' : `<thead><tr>${columns.map((cell) => `<th>${escaped(cell)}</th>`).join('')}</tr></thead>`
  const body = rows
    .map(([first = '', ...cells]) => {
      const rest = cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')
      return `<tr><th>${escaped(first)}</th>${rest}</tr>`
    })
    .join('\n')
  return `<div class="scroll"><table>${head}<tbody>\n${body}\n</tbody></table></div>`
}

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes of gzip: compressed script and style that the page for recognition may need before it shows. */
export const FIRST_LOAD_BYTES_MAX = 250_000

/** What a browser fetches for the page one sees first, in the language with the longest texts. */
const FIRST = ['index.html', 'src/pages/recognise/page.tsx', 'src/locales/vi.ts'] as const

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}

/** Adds up the compressed files of the first load from the manifest of a build. */
export function firstLoad(folder: string): { readonly bytes: number; readonly files: readonly string[] } {
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const files = new Set<string>()
  const visited = new Set<string>()
  const visit = (key: string) => {
    if (visited.has(key)) return
    visited.add(key)
    const chunk = manifest[key]
    if (chunk === undefined) throw new Error(`${key} is not in the manifest of ${folder}`)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const key of chunk.imports ?? []) visit(key)
  }
  for (const key of FIRST) visit(key)
  const sizes = [...files].map((file) => statSync(join(folder, `${file}.gz`)).size)
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: [...files].sort() }
}

/** The photos of one person, as the folder names them. */
export interface FolderPerson {
  readonly name: string
  readonly files: readonly File[]
}

/** Endings that photographs have; what a file really is, its content says later. */
const PHOTO = /\.(jpe?g|png|webp|avif|gif|tiff?|bmp)$/i

/** `an_2.jpg`, `an-02.jpg` and `an (2).jpg` are photos of `an`. */
const COUNTER_AT_END = /(?:[ _-]+\d+|\s*\(\d+\))$/

/**
 * Who is in a folder, by the rule of the command line: each folder inside is a person with all photos below it, each
 * photo directly in it is of the person it is named after. By name, so that two runs see the same.
 */
export function groupFiles(files: readonly File[]): readonly FolderPerson[] {
  const people = new Map<string, File[]>()
  for (const file of files) {
    const name = nameOf(file.webkitRelativePath || file.name)
    if (name === null) continue
    const known = people.get(name)
    if (known === undefined) people.set(name, [file])
    else known.push(file)
  }
  return [...people].map(([name, photos]) => ({ name, files: photos })).sort((a, b) => a.name.localeCompare(b.name))
}

/** Null for what is no photo. @param path from the chosen folder on, which comes first in it */
export function nameOf(path: string): string | null {
  const parts = path.split('/')
  const file = parts.at(-1) ?? ''
  if (!PHOTO.test(file) || parts.slice(1).some((part) => part.startsWith('.'))) return null
  const folder = parts.length > 2 ? parts[1] : undefined
  const stem = file.replace(PHOTO, '')
  const name = folder ?? (stem.replace(COUNTER_AT_END, '') || stem).replaceAll('_', ' ')
  return name.normalize('NFC').trim() || null
}

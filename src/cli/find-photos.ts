import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

/** The photos of one person, as a folder of photographs names them. */
export interface PersonFolder {
  readonly name: string
  /** Paths. */
  readonly files: readonly string[]
}

/** Endings that photographs have; what a file really is, its content says later. */
const PHOTO_ENDINGS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.gif', '.tif', '.tiff', '.bmp'])

/** `an_2.jpg`, `an-02.jpg` and `an (2).jpg` are photos of `an`. */
const COUNTER_AT_END = /(?:[ _-]+\d+|\s*\(\d+\))$/

/**
 * Who is in a folder: each folder inside is a person with all photos below it, each photo directly in it is of the
 * person it is named after. By name, and files by path, so that two runs see the same.
 */
export async function findPeople(folder: string): Promise<readonly PersonFolder[]> {
  const people = new Map<string, string[]>()
  const add = (name: string, path: string) => people.set(name, [...(people.get(name) ?? []), path])
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) for (const photo of await photosBelow(path)) add(entry.name, photo)
    else if (isPhoto(entry.name)) add(nameOfFile(entry.name), path)
  }
  return [...people]
    .map(([name, files]) => ({ name: name.normalize('NFC'), files: files.sort() }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

function nameOfFile(file: string): string {
  const stem = basename(file, extname(file))
  return (stem.replace(COUNTER_AT_END, '') || stem).replaceAll('_', ' ')
}

async function photosBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && isPhoto(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function isPhoto(name: string): boolean {
  return PHOTO_ENDINGS.has(extname(name).toLowerCase())
}

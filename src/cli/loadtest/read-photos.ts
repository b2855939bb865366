import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Photo } from '../../loadtest/plan.ts'
import { LoadTestProblem } from '../../loadtest/problem.ts'
import { findPeople } from '../find-photos.ts'
import { samplePhoto } from '../sample-photo.ts'

/** Held in memory during the whole load. */
const PHOTOS_MAX = 200

/**
 * Photos to be sent, evenly picked where a folder has many, so that those of all people are among them.
 * @param bytesMax of one photo; larger ones, which a server refuses, are left out
 */
export async function readPhotos(folder: string | undefined, bytesMax: number): Promise<readonly Photo[]> {
  const paths = await pathsOf(folder)
  const count = Math.min(paths.length, PHOTOS_MAX)
  const photos: Photo[] = []
  for (let index = 0; index < count; index++) {
    const path = paths[Math.floor((index * paths.length) / count)] ?? ''
    if ((await stat(path)).size <= bytesMax) photos.push({ name: basename(path), bytes: await readFile(path) })
  }
  if (photos.length === 0)
    throw new LoadTestProblem(`${folder ?? 'The sample picture'} holds no photographs of ${bytesMax} bytes at most.`)
  return photos
}

async function pathsOf(folder: string | undefined): Promise<readonly string[]> {
  if (folder !== undefined) return (await findPeople(folder)).flatMap(({ files }) => files)
  const sample = samplePhoto()
  if (sample === null) throw new LoadTestProblem('No sample picture is installed: give --photos a folder of faces.')
  return [sample]
}

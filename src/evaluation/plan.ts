import { join } from 'node:path'
import { Refusal } from '../domain/errors.ts'
import { allPairs, countImpostorPairs, IMPOSTOR_PAIRS_MAX } from './photos/all-pairs.ts'
import { readCountedPhotos, readExpectedAnswers } from './photos/listed-photos.ts'
import { readPairsFile } from './photos/pairs-file.ts'
import { acquisition } from './protocols/acquisition.ts'
import { answers } from './protocols/answers.ts'
import { closedSet } from './protocols/closed-set.ts'
import { faceCounts } from './protocols/face-counts.ts'
import { openSet } from './protocols/open-set.ts'
import { verification } from './protocols/verification.ts'
import type { Protocol } from './report.ts'
import type { Deciding, Identity, PhotoSet, Task } from './task.ts'

export interface PlanOptions extends Deciding {
  /** Only these; all that the folder allows where null. */
  readonly protocols: readonly Protocol[] | null
  /** CSV of pairs; null for the folder's own `pairs.csv`, where there is one, and all pairs. */
  readonly pairsFile: string | null
  /** Fewest photos of a person who takes part in the closed set. */
  readonly photosMin: number
  /** Rounds of the 1:N protocols, each with other photos enrolled. */
  readonly rounds: number
  /** Who is in a folder of photographs. */
  readonly findPeople: (folder: string) => Promise<readonly Identity[]>
}

/**
 * What can be measured on folders of photographs.
 * @throws Refusal `field-invalid` where they allow nothing of what is wanted
 */
export async function planTasks(sets: readonly PhotoSet[], options: PlanOptions): Promise<readonly Task[]> {
  const tasks = (await Promise.all(sets.map((set) => planSet(set, options)))).flat()
  if (tasks.length === 0) {
    const folders = sets.map(({ folder }) => folder).join(', ')
    throw new Refusal('field-invalid', { field: 'folder', reason: `${folders} holds nothing to measure` })
  }
  return tasks
}

/**
 * Detection where `index.json` counts faces, answers where `expected.json` or `hostile.json` lists files, otherwise
 * verification and identification of the people that its folders are named after.
 */
async function planSet(set: PhotoSet, options: PlanOptions): Promise<Task[]> {
  const isWanted = (protocol: Protocol) => options.protocols?.includes(protocol) ?? true
  const tasks: Task[] = []
  const files = await readExpectedAnswers(set.folder)
  const photos = files === null ? await readCountedPhotos(set.folder) : null
  if (files !== null && isWanted('answers')) tasks.push(answers(set, files))
  if (photos !== null && isWanted('detection')) tasks.push(faceCounts(set, photos))
  if (files === null && photos === null) {
    const people = await options.findPeople(set.folder)
    const several = people.filter((person) => person.files.length > 1).length
    if (people.length > 0 && isWanted('acquisition')) tasks.push(acquisition(set, people))
    if (isWanted('verification')) tasks.push(...(await planVerification(set, people, options)))
    if (several > 1 && isWanted('closed-set')) tasks.push(closedSet(set, people, options))
    if (several > 1 && isWanted('open-set')) tasks.push(openSet(set, people, options))
  }
  return tasks
}

async function planVerification(set: PhotoSet, people: readonly Identity[], options: PlanOptions): Promise<Task[]> {
  const file = options.pairsFile ?? join(set.folder, 'pairs.csv')
  const listed = await readPairsFile(file).catch((error: unknown) => {
    if (options.pairsFile === null && isMissing(error)) return null
    throw error
  })
  const tasks: Task[] = []
  if (listed !== null)
    tasks.push(
      verification(set, { ...options, balanced: true, description: 'The pairs of a list.', comparisons: () => listed }),
    )
  if (options.pairsFile === null && people.some((person) => person.files.length > 1)) {
    const drawn = countImpostorPairs(people) > IMPOSTOR_PAIRS_MAX
    // A name of its own beside a list, so that a target means one of the two.
    const named = listed === null ? set : { ...set, name: `${set.name}, all pairs` }
    const description = `All pairs of photos${drawn ? ', of those of two people about two million drawn' : ''}.`
    tasks.push(verification(named, { ...options, balanced: false, description, comparisons: () => allPairs(people) }))
  }
  return tasks
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

import { PATHS } from '../http/wire/paths.ts'
import { jsonOf, numberAt, textAt, valueAt } from './client/call.ts'
import { MULTIPART_HEADERS, multipartBody } from './client/multipart.ts'
import type { Connections } from './client/target.ts'
import type { Photo } from './plan.ts'
import { LoadTestProblem } from './problem.ts'

export interface UsablePhotos {
  /** With a face each. */
  readonly photos: readonly Uint8Array[]
  /** Those whose face may be enrolled. */
  readonly references: readonly Uint8Array[]
  /** Why others were left out, and how many for each reason. */
  readonly leftOut: ReadonlyMap<string, number>
}

const NO_ROLE = ['token-missing', 'token-invalid', 'forbidden']

/**
 * Asks the server once about every photo, so that a load test measures the server and not photos without a face.
 * @throws LoadTestProblem where none is of use
 */
export async function findUsablePhotos(connections: Connections, given: readonly Photo[]): Promise<UsablePhotos> {
  const photos: Uint8Array[] = []
  const references: Uint8Array[] = []
  const leftOut = new Map<string, number>()
  for (const { bytes } of given) {
    const body = multipartBody({}, bytes)
    const call = { operation: 'detect', method: 'POST', path: PATHS.detect, headers: MULTIPART_HEADERS, body } as const
    const answer = await connections.send(call)
    const found = jsonOf(answer)
    if (NO_ROLE.includes(answer.code ?? ''))
      throw new LoadTestProblem(
        `The server wants an account (${answer.code}): give --username. It says: ${textAt(found, 'error') ?? ''}`,
      )
    const mainFace = numberAt(found, 'main_face')
    if (answer.outcome !== 'answered' || mainFace === null) {
      const reason = answer.code ?? 'no-face'
      leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
      continue
    }
    photos.push(bytes)
    const shortcomings = valueAt(found, 'faces', String(mainFace), 'shortcomings')
    if (Array.isArray(shortcomings) && shortcomings.length === 0) references.push(bytes)
  }
  if (photos.length === 0)
    throw new LoadTestProblem(
      `None of the ${given.length} photos is of use (${listed(leftOut)}): give --photos a folder of faces.`,
    )
  return { photos, references, leftOut }
}

export function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ')
}

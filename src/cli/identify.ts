import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { compose } from '../compose.ts'
import { isRefusal } from '../domain/errors.ts'
import { refusalSentence } from '../http/wire/error.ts'
import type { IdentifiedFace } from '../operations/identify.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

export function identifyCommand(): Command {
  return new Command('identify')
    .description('say who is in photographs')
    .argument('<photo...>', 'files')
    .option('--threshold <cosine>', 'be stricter than the server', Number)
    .option('--json', 'one JSON object a line instead of text')
    .action(identifyPhotos)
}

async function identifyPhotos(
  paths: readonly string[],
  options: { threshold?: number; json?: boolean },
): Promise<void> {
  const nhandien = await compose(readConfig(), terminalWitness, { snapshotsReadOnly: true })
  const wish = options.threshold === undefined ? {} : { threshold: options.threshold }
  try {
    for (const path of paths) {
      try {
        const { faces, threshold } = await nhandien.operations.identify(await readFile(path), wish)
        if (options.json) process.stdout.write(`${JSON.stringify({ photo: path, threshold, faces })}\n`)
        else process.stdout.write(`${path}: ${faces.map(describeFace).join('; ')}\n`)
      } catch (error) {
        if (!isRefusal(error)) throw error
        if (options.json) process.stdout.write(`${JSON.stringify({ photo: path, code: error.code })}\n`)
        else process.stdout.write(`${path}: ${refusalSentence(error, 'en')}\n`)
      }
    }
  } finally {
    await nhandien.close()
  }
}

function describeFace({ match }: IdentifiedFace): string {
  return match === null ? 'a stranger' : `${match.person.name} (${match.person.classId}, ${match.score.toFixed(3)})`
}

import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename, relative } from 'node:path'
import { Command } from 'commander'
import { CONSOLE, compose } from '../compose.ts'
import { Refusal } from '../domain/errors.ts'
import { refusalSentence } from '../http/wire/error.ts'
import type { FolderPerson, PhotoOnDisk, PhotoOutcome } from '../operations/enrol-folder.ts'
import { findPeople } from './find-photos.ts'
import { showProgress } from './progress.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

export function enrolCommand(): Command {
  return new Command('enrol')
    .description('enrol a folder of photographs: a folder per person, or files named after people')
    .argument('<folder>', 'can be given again after an interruption: what is stored is skipped')
    .option('--strict', 'refuse photos of several faces instead of taking the main one', false)
    .option('--force', 'enrol faces that are known under another name', false)
    .action(enrolFolder)
}

async function enrolFolder(folder: string, wish: { strict: boolean; force: boolean }): Promise<void> {
  const config = readConfig()
  const people = await findPeople(folder)
  const photos = people.flatMap(({ files }) => files)
  if (photos.length === 0) throw new Refusal('field-invalid', { field: 'folder', reason: 'holds no photographs' })
  const nhandien = await compose(config, terminalWitness, { snapshotsReadOnly: true })
  try {
    const counts = { enrolled: 0, known: 0, refused: 0 }
    const refusals: { file: string; reason: string }[] = []
    const progress = showProgress('Enrolling', photos.length, 'photos')
    const note = (_: FolderPerson, photo: PhotoOnDisk, outcome: PhotoOutcome) => {
      counts[outcome.kind]++
      if (outcome.kind === 'refused')
        refusals.push({ file: relative(folder, photo.path), reason: refusalSentence(outcome.refusal, 'en') })
      progress.update(counts.enrolled + counts.known + counts.refused)
    }
    const onDisk = people.map(({ name, files }) => ({
      name,
      photos: files.map((path) => photoOnDisk(path, config.uploadBytesMax)),
    }))
    await nhandien.enrolFolder(onDisk, wish, CONSOLE, note)
    progress.end()
    process.stdout.write(
      `${people.length} people: ${counts.enrolled} photos enrolled, ${counts.known} known before, ${counts.refused} refused\n`,
    )
    printTable(refusals)
  } finally {
    await nhandien.close()
  }
}

function photoOnDisk(path: string, bytesMax: number): PhotoOnDisk {
  const read = async () => {
    const { size } = await stat(path)
    if (size > bytesMax) throw new Refusal('image-too-large', { bytes: size, max: bytesMax })
    return await readFile(path)
  }
  return {
    path,
    label: basename(path),
    read,
    sha256: async () =>
      createHash('sha256')
        .update(await read())
        .digest('hex'),
  }
}

function printTable(refusals: readonly { file: string; reason: string }[]): void {
  if (refusals.length === 0) return
  const width = Math.max(...refusals.map(({ file }) => file.length))
  process.stdout.write('\nRefused:\n')
  for (const { file, reason } of refusals.toSorted((a, b) => a.file.localeCompare(b.file)))
    process.stdout.write(`  ${file.padEnd(width)}  ${reason}\n`)
}

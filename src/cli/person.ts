import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { CONSOLE, openDatabase } from '../compose.ts'
import { Refusal } from '../domain/errors.ts'
import { CLASS_ID_MAX } from '../domain/person.ts'
import type { HeldImage, PersonalData } from '../domain/personal-data.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

export function personCommand(): Command {
  return new Command('person')
    .description('what is held about one person')
    .addCommand(
      new Command('export')
        .description('write everything held about a person: person.json, and the kept pictures beside it')
        .argument('<class_id>', 'the person', classId)
        .option('--output <folder>', 'a new folder; person-<class_id> where not given')
        .action(exportPerson),
    )
}

/** @throws Refusal `person-not-found`; where the folder exists already, nothing is written */
async function exportPerson(id: number, { output = `person-${id}` }: { output?: string }): Promise<void> {
  const records = await openDatabase(readConfig(), terminalWitness)
  try {
    const data = await records.personalData(id)
    if (data === null) throw new Refusal('person-not-found', { classId: id })
    await mkdir(output, { mode: 0o700 })
    await writeFolder(output, data)
    await records.audit.append('export', `person:${id}`, { images: data.images.length }, CONSOLE)
    process.stdout.write(`${data.images.length} images of person ${id} written to ${output}\n`)
  } finally {
    await records.close()
  }
}

async function writeFolder(folder: string, data: PersonalData): Promise<void> {
  for (const { imageId, crop } of data.images)
    if (crop !== null) await writeFile(join(folder, fileOf(imageId)), crop, { mode: 0o600 })
  const json = JSON.stringify({ ...data, images: data.images.map(describe) }, null, 2)
  await writeFile(join(folder, 'person.json'), `${json}\n`, { mode: 0o600 })
}

/** Templates as numbers, which any program reads; the picture as the name of its file. */
function describe({ crop, templates, ...image }: HeldImage): Readonly<Record<string, unknown>> {
  return {
    ...image,
    file: crop === null ? null : fileOf(image.imageId),
    templates: templates.map(({ modelId, template }) => ({ modelId, values: [...template] })),
  }
}

function fileOf(imageId: number): string {
  return `image-${imageId}.jpg`
}

function classId(text: string): number {
  const id = Number(text)
  if (!/^\d+$/.test(text) || id < 1 || id > CLASS_ID_MAX)
    throw new InvalidArgumentError(`expected a whole number from 1 to ${CLASS_ID_MAX}`)
  return id
}

import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { CONSOLE, openDatabase } from '../compose.ts'
import type { ImportLookup } from '../domain/import-lookup.ts'
import type { Records } from '../domain/records.ts'
import { readManifest } from '../models/packs/open-pack.ts'
import { importImages } from '../moving-in/import-images.ts'
import { type ImportParts, importPeople } from '../moving-in/import-people.ts'
import { type OldIndex, openOldIndex } from '../moving-in/old-index.ts'
import { oldIdOf } from '../moving-in/old-row.ts'
import { PEOPLE_CSV_HEADER, readPeopleCsv } from '../moving-in/people-csv.ts'
import { csvRow } from './csv-row.ts'
import { showProgress } from './progress.ts'
import { readConfig } from './read-config.ts'
import { reportSkippedRows } from './skipped-rows.ts'
import { terminalWitness } from './terminal-witness.ts'

interface ImportOptions {
  readonly dryRun: boolean
  readonly report?: string
}

export function importCommand(): Command {
  return new Command('import')
    .description('bring in what the old system kept; can be run again, and goes on after an interruption')
    .addCommand(
      withCommonOptions(new Command('people'))
        .description(`people from a CSV file with the header ${PEOPLE_CSV_HEADER}`)
        .argument('<class_info.csv>')
        .option('--update', 'change people who are known to what the file says', false)
        .action(people),
    )
    .addCommand(
      withCommonOptions(new Command('faiss'))
        .description('vectors from a FAISS IndexFlatIP and the NumPy archive beside it')
        .argument('<faces.index>')
        .argument('<meta.npz>', 'with image_ids, class_ids, image_paths and embeddings')
        .requiredOption(
          '--pack <name>',
          'the pack of the model that made the vectors ("nhandien model import" makes it)',
        )
        .option('--ids <file>', 'write which number each old image id has become to a new CSV file')
        .action(faiss),
    )
}

function withCommonOptions(command: Command): Command {
  return command
    .option('--dry-run', 'read and check everything, write nothing', false)
    .option('--report <file>', 'write every row that is left out, with the reason, to a new CSV file')
}

async function people(path: string, options: ImportOptions & { readonly update: boolean }): Promise<void> {
  const file = await readPeopleCsv(path)
  await withRecords(async (parts) => {
    const progress = showProgress('Importing', file.people.length, 'people')
    const { created, updated, unchanged, skipped } = await importPeople(parts, file.people, {
      ...options,
      onProgress: progress.update,
    }).finally(progress.end)
    sayMode(options)
    process.stdout.write(`${created} people added, ${updated} changed, ${unchanged} known and the same\n`)
    await reportSkippedRows([...file.skipped, ...skipped], options.report)
  })
}

async function faiss(
  indexPath: string,
  archivePath: string,
  options: ImportOptions & { readonly pack: string; readonly ids?: string },
): Promise<void> {
  const config = readConfig()
  const pack = await readManifest(config.dataDir, options.pack)
  const index = await openOldIndex(indexPath, archivePath)
  try {
    await withRecords(async (parts) => {
      const progress = showProgress('Importing', index.rows, 'images')
      const { dryRun } = options
      const report = await importImages(parts, index, { pack, dryRun, onProgress: progress.update }).finally(
        progress.end,
      )
      const source = index.source === 'embeddings' ? 'the archive' : 'the index, as the archive has no embeddings'
      sayMode(options)
      process.stdout.write(
        `Vectors taken from ${source}\n` +
          `${report.imported} images imported, ${report.renumbered} of them under new numbers\n` +
          `${report.known} imported before, ${report.createdPeople} people made that were not known\n`,
      )
      await reportSkippedRows(report.skipped, options.report)
      if (options.ids !== undefined) await writeIds(options.ids, await idsOf(parts.imports, pack.modelId, index))
    })
    if (config.modelPack !== pack.name)
      process.stdout.write(`These templates are searched with MODEL_PACK=${pack.name}; it is ${config.modelPack} now\n`)
  } finally {
    await index.close()
  }
}

function idsOf(imports: ImportLookup, modelId: string, index: OldIndex): Promise<ReadonlyMap<string, number>> {
  return imports.importedImages(
    modelId,
    index.imageIds.map((cell) => oldIdOf(cell)),
  )
}

async function writeIds(file: string, ids: ReadonlyMap<string, number>): Promise<void> {
  const lines = [...ids].map(([oldId, imageId]) => csvRow([oldId, imageId]))
  await writeFile(file, csvRow(['old_id', 'image_id']) + lines.join(''), { flag: 'wx', mode: 0o600 })
  process.stdout.write(`${ids.size} old image ids and what they have become written to ${file}\n`)
}

function sayMode({ dryRun }: ImportOptions): void {
  if (dryRun) process.stdout.write('Nothing was written; without --dry-run this would happen:\n')
}

async function withRecords(work: (parts: ImportParts) => Promise<void>): Promise<void> {
  const records: Records = await openDatabase(readConfig(), terminalWitness)
  try {
    await work({ people: records.people, imports: records.imports, actor: CONSOLE })
  } finally {
    await records.close()
  }
}

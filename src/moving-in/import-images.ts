import type { PackIdentity } from '../domain/pack.ts'
import type { NewImage } from '../domain/records.ts'
import { FormatError } from '../formats/format-error.ts'
import type { ImportParts } from './import-people.ts'
import type { OldIndex } from './old-index.ts'
import { keptImageId, type OldImage, readOldRow } from './old-row.ts'
import type { SkippedRow } from './skipped-row.ts'

/** One transaction; 2 MB of templates of 512 values. */
const ROWS_PER_BATCH = 1_000

export interface ImagesImportWish {
  /** The pack whose recogniser made the vectors. */
  readonly pack: Pick<PackIdentity, 'name' | 'modelId' | 'dimension'>
  /** Whether nothing is written. */
  readonly dryRun: boolean
  /** @param done rows so far */
  readonly onProgress: (done: number) => void
}

export interface ImagesImportReport {
  readonly imported: number
  /** Of them, those that could not keep their ids. */
  readonly renumbered: number
  /** Imported by an earlier run. */
  readonly known: number
  /** People that no list of people had named. */
  readonly createdPeople: number
  readonly skipped: readonly SkippedRow[]
}

/** What a person is called of whom only the number is known. */
export function placeholderName(classId: number): string {
  return `class_id ${classId}`
}

/**
 * Brings the old system's vectors in as images of their people. Whole numbers stay image ids where they are free;
 * others are numbered anew, and the records keep which is which. Every batch is one transaction; after an interruption
 * the same call goes on where it stopped.
 * @throws FormatError when the vectors can't be of the pack's model
 */
export async function importImages(
  parts: ImportParts,
  index: OldIndex,
  wish: ImagesImportWish,
): Promise<ImagesImportReport> {
  const { pack } = wish
  if (index.columns !== pack.dimension)
    throw new FormatError(
      'The index',
      `has vectors of ${index.columns} values, the pack ${pack.name} makes ${pack.dimension}: name the pack of the model that made them`,
    )
  const skipped: SkippedRow[] = []
  const rowOf = new Map<string, number>()
  const created = new Set<number>()
  let [start, imported, renumbered, known] = [0, 0, 0, 0]
  for await (const vectors of index.batches(ROWS_PER_BATCH)) {
    const images = readBatch(index, start, vectors, rowOf, skipped)
    const stored = await parts.imports.importedImages(pack.modelId, [...images.keys()])
    const fresh = [...images.values()].filter(({ oldId }) => !stored.has(oldId))
    const placed = await placeImages(parts, fresh, pack.modelId)
    await storeBatch(parts, placed, created, wish.dryRun)
    known += stored.size
    imported += placed.length
    renumbered += placed.filter(({ image }) => image.imageId === undefined).length
    start += vectors.length / index.columns
    wish.onProgress(start)
  }
  return { imported, renumbered, known, createdPeople: created.size, skipped }
}

/** The images of a batch by old id; rows that can't be taken are added to `skipped`. */
function readBatch(
  index: OldIndex,
  start: number,
  vectors: Float32Array,
  rowOf: Map<string, number>,
  skipped: SkippedRow[],
): ReadonlyMap<string, OldImage> {
  const images = new Map<string, OldImage>()
  for (let offset = 0; offset * index.columns < vectors.length; offset++) {
    const row = start + offset
    const cells = {
      imageId: index.imageIds[row] ?? null,
      classId: index.classIds[row] ?? null,
      imagePath: index.imagePaths?.[row] ?? null,
    }
    const template = vectors.subarray(offset * index.columns, (offset + 1) * index.columns)
    const image = readOldRow(cells, template, index.columns)
    const skip = (reason: string) =>
      skipped.push({ row: `row ${row} (${JSON.stringify(String(cells.imageId).slice(0, 60))})`, reason })
    if (typeof image === 'string') {
      skip(image)
      continue
    }
    const first = rowOf.get(image.oldId)
    if (first !== undefined) skip(`row ${first} has the same image id`)
    else {
      rowOf.set(image.oldId, row)
      images.set(image.oldId, image)
    }
  }
  return images
}

interface PlacedImage {
  readonly classId: number
  readonly image: NewImage
}

async function placeImages(
  { imports }: ImportParts,
  images: readonly OldImage[],
  modelId: string,
): Promise<readonly PlacedImage[]> {
  const wished = images.flatMap(({ oldId }) => keptImageId(oldId) ?? [])
  const taken = await imports.takenImageIds(wished)
  return images.map(({ oldId, classId, label, template }) => {
    const imageId = keptImageId(oldId)
    const keeps = imageId !== null && !taken.has(imageId)
    const unknown = { photoSha256: null, crop: null, quality: null }
    return { classId, image: { ...(keeps ? { imageId } : {}), oldId, label, template, modelId, ...unknown } }
  })
}

/** @param created class ids of the people made so far, to which this batch adds */
async function storeBatch(
  { people, imports, actor }: ImportParts,
  placed: readonly PlacedImage[],
  created: Set<number>,
  dryRun: boolean,
): Promise<void> {
  const imagesOf = new Map<number, NewImage[]>()
  for (const { classId, image } of placed) imagesOf.set(classId, [...(imagesOf.get(classId) ?? []), image])
  const known = await imports.people([...imagesOf.keys()])
  const enrolments = [...imagesOf].map(([classId, images]) => {
    if (known.has(classId)) return { subject: { classId, changes: {} }, images }
    created.add(classId)
    const fields = { name: placeholderName(classId), age: null, gender: null, residence: null }
    return { subject: { classId, fields }, images }
  })
  if (enrolments.length > 0 && !dryRun) await people.enrolMany(enrolments, actor)
}

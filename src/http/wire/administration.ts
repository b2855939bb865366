import Type, { type Static } from 'typebox'
import type { GalleryVerdict } from '../../domain/gallery.ts'
import type { ListedPack } from '../../domain/pack.ts'
import type { PackListing } from '../../operations/list-packs.ts'
import { nullable } from './person.ts'

const Success = Type.Literal(true)
/** Differences that are listed; more are counted. */
const DIFFERENCES_SHOWN_MAX = 100

const ModelAnswer = Type.Object({
  name: Type.String({ examples: ['default'] }),
  active: Type.Boolean(),
  problem: nullable(Type.String({ description: 'Why the pack cannot be used.' })),
  model: nullable(Type.String({ description: 'Templates of the same model are compared, others never.' })),
  dimension: nullable(Type.Integer()),
  threshold: nullable(Type.Number({ description: "The pack's own." })),
  detector: nullable(Type.String({ examples: ['blazeface'] })),
  licence: nullable(Type.String()),
  source: nullable(Type.String({ description: 'Where the weights come from.' })),
  bytes: nullable(Type.Integer()),
})

export const ModelsAnswer = Type.Object({
  success: Success,
  active: Type.String({ examples: ['default'] }),
  threshold: Type.Number({ description: "In force: the active pack's own, or the one that was set instead." }),
  models: Type.Array(ModelAnswer),
})
export type ModelsAnswer = Static<typeof ModelsAnswer>

export function modelsAnswer({ active, threshold, packs }: PackListing): ModelsAnswer {
  return {
    success: true,
    active: active.name,
    threshold,
    models: packs.map((pack) => modelAnswer(pack, active.name)),
  }
}

function modelAnswer(pack: ListedPack, active: string): Static<typeof ModelAnswer> {
  const { name } = pack
  if ('refusal' in pack) {
    const { refusal } = pack
    const nothing = { model: null, dimension: null, threshold: null, detector: null, licence: null }
    return { name, active: name === active, problem: refusal.message, ...nothing, source: null, bytes: null }
  }
  return {
    name,
    active: name === active,
    problem: null,
    model: pack.modelId,
    dimension: pack.dimension,
    threshold: pack.threshold,
    detector: pack.detector.kind,
    licence: pack.licence,
    source: pack.source,
    bytes: pack.files.reduce((sum, file) => sum + file.bytes, 0),
  }
}

export const VerifyGalleryAnswer = Type.Object({
  success: Success,
  compared: Type.Integer(),
  different: Type.Integer(),
  differences: Type.Array(
    Type.Object({
      image_id: Type.Integer(),
      problem: Type.String({ enum: ['missing', 'unknown', 'different'] }),
    }),
    { maxItems: DIFFERENCES_SHOWN_MAX },
  ),
})
export type VerifyGalleryAnswer = Static<typeof VerifyGalleryAnswer>

export function verifyGalleryAnswer({ compared, differences }: GalleryVerdict): VerifyGalleryAnswer {
  const shown = differences.slice(0, DIFFERENCES_SHOWN_MAX)
  return {
    success: true,
    compared,
    different: differences.length,
    differences: shown.map(({ imageId, problem }) => ({ image_id: imageId, problem })),
  }
}

export const RebuildGalleryAnswer = Type.Object({
  success: Success,
  corrected: Type.Integer({ description: 'Templates that differed from the database.' }),
})
export type RebuildGalleryAnswer = Static<typeof RebuildGalleryAnswer>

export function rebuildGalleryAnswer(corrected: number): RebuildGalleryAnswer {
  return { success: true, corrected }
}

export const SnapshotGalleryAnswer = Type.Object({
  success: Success,
  bytes: nullable(Type.Integer({ description: 'Of the snapshot; null where none are kept.' })),
})
export type SnapshotGalleryAnswer = Static<typeof SnapshotGalleryAnswer>

export function snapshotGalleryAnswer(bytes: number | null): SnapshotGalleryAnswer {
  return { success: true, bytes }
}

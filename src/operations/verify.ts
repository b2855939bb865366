import { Refusal } from '../domain/errors.ts'
import type { FaceExtractor } from '../domain/extractor.ts'
import type { PeopleRecords } from '../domain/records.ts'
import { cosine } from '../domain/template.ts'
import { effectiveThreshold, isEmbedded } from './recognise.ts'

/** What a photo is compared with: another photo, or everything enrolled of one person. */
export type Claim = { readonly photo: Uint8Array } | { readonly classId: number }

export interface Verification {
  /** Raw cosine; for a person that of the best image. */
  readonly score: number
  readonly match: boolean
  readonly threshold: number
  /** The image that scored best, where the claim was a person. */
  readonly imageId: number | null
}

/** One-to-one comparison: is this the same person? */
export function verifier(parts: {
  readonly extractor: FaceExtractor
  readonly people: PeopleRecords
  readonly threshold: number
}) {
  /**
   * @param photo encoded image; transferred away, as is the claim's
   * @throws Refusal `no-face` naming the photo, `person-not-found`, and what extraction refuses
   */
  return async function verify(
    photo: Uint8Array,
    claim: Claim,
    wish: { readonly threshold?: number; readonly caller?: string },
  ): Promise<Verification> {
    const threshold = effectiveThreshold(parts.threshold, wish.threshold)
    if ('photo' in claim) {
      const [first, second] = await Promise.all([
        mainTemplate(photo, 'file', wish.caller),
        mainTemplate(claim.photo, 'file2', wish.caller),
      ])
      const score = cosine(first, second)
      return { score, match: score > threshold, threshold, imageId: null }
    }
    if ((await parts.people.person(claim.classId)) === null)
      throw new Refusal('person-not-found', { classId: claim.classId })
    const probe = await mainTemplate(photo, 'file', wish.caller)
    const references = await parts.people.templatesOf(claim.classId, parts.extractor.pack.modelId)
    if (references.length === 0) throw new Refusal('image-not-found', { classId: claim.classId })
    let best = { imageId: -1, score: Number.NEGATIVE_INFINITY }
    for (const { imageId, template } of references) {
      const score = cosine(probe, template)
      if (score > best.score) best = { imageId, score }
    }
    return { score: best.score, match: best.score > threshold, threshold, imageId: best.imageId }
  }

  async function mainTemplate(photo: Uint8Array, field: string, caller: string | undefined): Promise<Float32Array> {
    const extraction = await parts.extractor.extract(photo, { purpose: 'probe', embed: 'main', crops: false, caller })
    const face = extraction.faces[extraction.mainFace]
    if (face === undefined || !isEmbedded(face)) throw new Refusal('no-face', { field })
    return face.template
  }
}

export type Verify = ReturnType<typeof verifier>

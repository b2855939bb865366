import { readFile, stat } from 'node:fs/promises'
import { isRefusal, Refusal, type RefusalCode } from '../../domain/errors.ts'
import type { ExtractionPurpose, FaceExtractor } from '../../domain/extractor.ts'

/** What the system made of one photo. */
export interface Sample {
  readonly faces: number
  /** Of the main face; null without a face, after a refusal, and where only detection was asked for. */
  readonly template: Float32Array | null
  /** Why there is nothing, where the photo was refused. */
  readonly refusal: RefusalCode | null
  /** What broke where neither faces nor a refusal came back. */
  readonly fault: string | null
  readonly milliseconds: number
}

export interface SamplerOptions {
  readonly extractor: FaceExtractor
  /** Photos that are in work at a time; more than there are workers, so that none waits for a file to be read. */
  readonly photosAtOnce: number
  readonly photoBytesMax: number
  /** Whether a probe is embedded the way a reference is, so that one extraction serves for both. */
  readonly probesLikeReferences: boolean
}

/** A photo and what it serves as. */
export interface SampleWish {
  readonly photo: string
  readonly purpose: ExtractionPurpose
}

/** Why a photo has no template, in a few words. */
export function whyNothing({ refusal, fault }: Sample): string {
  return fault ?? refusal ?? 'no face found'
}

/** Extracts photos in parallel and each of them once, however many protocols ask for it. */
export class Sampler {
  readonly #options: SamplerOptions
  readonly #samples = new Map<string, Sample>()

  constructor(options: SamplerOptions) {
    this.#options = options
  }

  /** How many photos of these still need to be extracted. */
  missing(wishes: readonly SampleWish[]): number {
    return new Set(this.#notLoaded(wishes).map((wish) => this.#key(wish))).size
  }

  /**
   * Extracts what was not extracted yet.
   * @param onPhoto called after each photo
   * @throws what reading a file or a broken extractor throws; photos that are refused become samples that say so
   */
  async load(wishes: readonly SampleWish[], onPhoto: () => void): Promise<void> {
    const waiting = new Map(this.#notLoaded(wishes).map((wish) => [this.#key(wish), wish]))
    const work = async () => {
      for (const [key, wish] of waiting) {
        waiting.delete(key)
        this.#samples.set(key, await this.#extract(wish))
        onPhoto()
      }
    }
    await Promise.all(Array.from({ length: this.#options.photosAtOnce }, work))
  }

  /** @throws Error for a photo that was not loaded */
  sample(photo: string, purpose: ExtractionPurpose): Sample {
    const sample = this.#samples.get(this.#key({ photo, purpose }))
    if (sample === undefined) throw new Error(`${photo} was not loaded as ${purpose}`)
    return sample
  }

  #notLoaded(wishes: readonly SampleWish[]): SampleWish[] {
    return wishes.filter((wish) => !this.#samples.has(this.#key(wish)))
  }

  #key({ photo, purpose }: SampleWish): string {
    const same = purpose === 'probe' && this.#options.probesLikeReferences
    return `${same ? 'reference' : purpose}:${photo}`
  }

  async #extract({ photo, purpose }: SampleWish): Promise<Sample> {
    const { extractor, photoBytesMax } = this.#options
    const bytes = await this.#read(photo, photoBytesMax)
    const started = performance.now()
    const outcome = (part: Partial<Sample>): Sample => ({
      faces: 0,
      template: null,
      refusal: null,
      fault: null,
      milliseconds: performance.now() - started,
      ...part,
    })
    if (bytes === null) return outcome({ refusal: 'image-too-large' })
    try {
      const { faces, mainFace } = await extractor.extract(bytes, { purpose, embed: 'main', crops: false })
      return outcome({ faces: faces.length, template: faces[mainFace]?.template ?? null })
    } catch (error) {
      if (isRefusal(error, 'overloaded') || isRefusal(error, 'not-ready')) throw error
      if (isRefusal(error)) return outcome({ refusal: error.code })
      return outcome({ fault: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Null for a file that is larger than a photo may be. */
  async #read(photo: string, bytesMax: number): Promise<Uint8Array | null> {
    const { size } = await stat(photo)
    if (size > bytesMax) return null
    const bytes = await readFile(photo)
    if (bytes.byteLength > bytesMax)
      throw new Refusal('file-invalid', { file: photo, reason: 'grew while it was read' })
    return bytes
  }
}

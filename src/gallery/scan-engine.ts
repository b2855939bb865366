import type { Candidate } from '../domain/candidate.ts'
import type { GalleryChange, GallerySearch, GalleryStatus } from '../domain/gallery.ts'
import { checkTemplate, cosine } from '../domain/template.ts'
import { byRank, type GalleryEngine, type GalleryEntry } from './engine.ts'

/**
 * Compares the probe with every template in turn. Slow and evidently right: the oracle that the exact index is tested
 * against, and its fallback where WebAssembly SIMD or shared memory is missing.
 */
export class ScanEngine implements GalleryEngine {
  readonly #dimension: number
  readonly #entries = new Map<number, GalleryEntry>()
  readonly #imagesOf = new Map<number, Set<number>>()
  #revision = 0
  #updatedAt: Date | null = null

  constructor(dimension: number) {
    this.#dimension = dimension
  }

  get revision(): number {
    return this.#revision
  }

  async search(probe: Float32Array, wish: GallerySearch): Promise<readonly Candidate[]> {
    checkTemplate(probe, this.#dimension)
    const candidates: Candidate[] = []
    for (const { imageId, classId, template } of this.#entries.values()) {
      if (wish.among !== undefined && !wish.among.has(classId)) continue
      const score = cosine(probe, template)
      if (wish.scoreAbove !== undefined && !(score > wish.scoreAbove)) continue
      candidates.push({ imageId, classId, score })
    }
    candidates.sort(byRank)
    return (wish.by === 'person' ? firstOfEachPerson(candidates) : candidates).slice(0, wish.limit)
  }

  apply(change: GalleryChange): void {
    if (change.revision <= this.#revision) return
    if (change.kind === 'put') this.put(change)
    else if (change.kind === 'remove') this.remove(change.imageId)
    else if (change.kind === 'remove-person') {
      for (const imageId of [...(this.#imagesOf.get(change.classId) ?? [])]) this.remove(imageId)
    } else if (change.kind === 'clear') {
      this.#entries.clear()
      this.#imagesOf.clear()
    }
    this.resumeAt(change.revision)
  }

  put({ imageId, classId, template }: GalleryEntry): void {
    checkTemplate(template, this.#dimension)
    this.remove(imageId)
    this.#entries.set(imageId, { imageId, classId, template: template.slice() })
    const images = this.#imagesOf.get(classId)
    if (images === undefined) this.#imagesOf.set(classId, new Set([imageId]))
    else images.add(imageId)
    this.#updatedAt = new Date()
  }

  remove(imageId: number): void {
    const entry = this.#entries.get(imageId)
    if (entry === undefined) return
    this.#entries.delete(imageId)
    const images = this.#imagesOf.get(entry.classId)
    images?.delete(imageId)
    if (images?.size === 0) this.#imagesOf.delete(entry.classId)
    this.#updatedAt = new Date()
  }

  resumeAt(revision: number): void {
    this.#revision = revision
    this.#updatedAt = new Date()
  }

  entry(imageId: number): GalleryEntry | null {
    return this.#entries.get(imageId) ?? null
  }

  imageIds(): Iterable<number> {
    return [...this.#entries.keys()]
  }

  status(): GalleryStatus {
    let minValue = 0
    let maxValue = 0
    for (const { template } of this.#entries.values()) {
      for (const value of template) {
        if (value < minValue) minValue = value
        if (value > maxValue) maxValue = value
      }
    }
    return {
      templates: this.#entries.size,
      people: this.#imagesOf.size,
      dimension: this.#dimension,
      revision: this.#revision,
      memoryBytes: this.#entries.size * this.#dimension * Float32Array.BYTES_PER_ELEMENT,
      snapshotBytes: 0,
      minValue,
      maxValue,
      nanTemplates: 0,
      engine: 'float32 scan',
      updatedAt: this.#updatedAt,
    }
  }

  async close(): Promise<void> {
    this.#entries.clear()
    this.#imagesOf.clear()
  }
}

function firstOfEachPerson(ranked: readonly Candidate[]): Candidate[] {
  const seen = new Set<number>()
  return ranked.filter(({ classId }) => {
    if (seen.has(classId)) return false
    seen.add(classId)
    return true
  })
}

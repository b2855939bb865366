import type { Candidate } from '../domain/candidate.ts'
import type { GallerySearch } from '../domain/gallery.ts'
import { byRank } from './engine.ts'

export type RankingWish = Pick<GallerySearch, 'limit' | 'by' | 'scoreAbove'>

/** The best candidates so far: each person's best image, or images on their own. */
export class Ranking {
  readonly #limit: number
  readonly #byPerson: boolean
  readonly #scoreAbove: number
  readonly #best: Candidate[] = []
  readonly #ofPerson = new Map<number, Candidate>()

  constructor(wish: RankingWish) {
    this.#limit = wish.limit
    this.#byPerson = wish.by === 'person'
    this.#scoreAbove = wish.scoreAbove ?? Number.NEGATIVE_INFINITY
  }

  /** Whatever scores below this cannot join any more; never falls. */
  get least(): number {
    if (this.#best.length < this.#limit) return this.#scoreAbove
    return this.#best.at(-1)?.score ?? this.#scoreAbove
  }

  get best(): readonly Candidate[] {
    return this.#best
  }

  offer(candidate: Candidate): void {
    if (!(candidate.score > this.#scoreAbove)) return
    const last = this.#best.at(-1)
    if (last !== undefined && this.#best.length === this.#limit && byRank(candidate, last) > 0) return
    if (this.#byPerson) {
      const held = this.#ofPerson.get(candidate.classId)
      if (held !== undefined) {
        if (byRank(held, candidate) <= 0) return
        this.#best.splice(this.#rankOf(held), 1)
      }
      this.#ofPerson.set(candidate.classId, candidate)
    }
    this.#best.splice(this.#rankOf(candidate), 0, candidate)
    if (this.#best.length <= this.#limit) return
    const dropped = this.#best.pop()
    if (dropped !== undefined && this.#byPerson) this.#ofPerson.delete(dropped.classId)
  }

  /** How many are ranked before the candidate. */
  #rankOf(candidate: Candidate): number {
    let low = 0
    let high = this.#best.length
    while (low < high) {
      const middle = (low + high) >> 1
      const there = this.#best[middle]
      if (there !== undefined && byRank(there, candidate) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

import { Refusal } from '../domain/errors.ts'
import { CLASS_ID_MAX, IMAGE_ID_MAX } from '../domain/person.ts'
import type { Database } from './database.ts'

/**
 * Ids that clients choose up to here move the counter on. Those above, in the upper half of the range, stay apart:
 * one careless choice must not use up all that follow.
 */
export const CLASS_ID_COUNTED_MAX = (CLASS_ID_MAX - 1) / 2
const IMAGE_ID_COUNTED_MAX = (IMAGE_ID_MAX - 1) / 2

const SEQUENCES = {
  class: { counted: CLASS_ID_COUNTED_MAX, max: CLASS_ID_MAX, field: 'class_id' },
  image: { counted: IMAGE_ID_COUNTED_MAX, max: IMAGE_ID_MAX, field: 'image_id' },
} as const

interface Wish {
  readonly count: number
  resolve(first: number): void
  reject(error: unknown): void
}

/**
 * Gives out ids that were never given out before. They are taken before the transaction that uses them, so that
 * nobody waits for another one's commit; wishes that arrive while one is under way are answered together.
 */
export class Numbers {
  readonly #database: Database
  readonly #name: 'class' | 'image'
  #waiting: Wish[] = []
  #taking = false

  constructor(database: Database, name: 'class' | 'image') {
    this.#database = database
    this.#name = name
  }

  /** The first of `count` consecutive new ids. @throws Refusal `field-invalid` where the range is used up */
  take(count: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ count, resolve, reject })
      if (!this.#taking) void this.#takeForAll()
    })
  }

  /** Sees to it that ids chosen by a client are not given out later. */
  async moveOn(chosen: readonly number[]): Promise<void> {
    const { counted } = SEQUENCES[this.#name]
    const highest = chosen.reduce((max, id) => (id <= counted && id > max ? id : max), 0)
    if (highest === 0) return
    await this.#database.write((tx) =>
      tx.updateTable('counter').set({ n: highest }).where('name', '=', this.#name).where('n', '<', highest).execute(),
    )
  }

  async #takeForAll(): Promise<void> {
    this.#taking = true
    while (this.#waiting.length > 0) {
      const wishes = this.#waiting
      this.#waiting = []
      try {
        const total = wishes.reduce((sum, { count }) => sum + count, 0)
        this.#handOut(wishes, (await this.#database.takeNumbers(this.#name, total)) - total + 1)
      } catch (error) {
        for (const wish of wishes) wish.reject(error)
      }
    }
    this.#taking = false
  }

  #handOut(wishes: readonly Wish[], first: number): void {
    const { max, field } = SEQUENCES[this.#name]
    let next = first
    for (const { count, resolve, reject } of wishes) {
      const id = next
      next += count
      if (next - 1 > max) reject(new Refusal('field-invalid', { field, reason: 'range-used-up', max }))
      else resolve(id)
    }
  }
}

import type { ByteCursor } from './byte-cursor.ts'

/** Far more than any state_dict or id list needs, far less than what would exhaust memory. */
const VALUES_MAX = 8_000_000

/** The stack, its marks and the memo of a pickle that is being read. */
export class PickleStack {
  readonly #cursor: ByteCursor
  readonly #stack: unknown[] = []
  readonly #marks: number[] = []
  readonly #memo = new Map<number, unknown>()

  constructor(cursor: ByteCursor) {
    this.#cursor = cursor
  }

  push(value: unknown): void {
    if (this.#stack.length >= VALUES_MAX) this.#cursor.refuse(`is a pickle with more than ${VALUES_MAX} open values`)
    this.#stack.push(value)
  }

  pop(): unknown {
    if (this.#stack.length <= this.#floor()) return this.#unbalanced()
    return this.#stack.pop()
  }

  top(): unknown {
    if (this.#stack.length <= this.#floor()) return this.#unbalanced()
    return this.#stack.at(-1)
  }

  popMany(count: number): unknown[] {
    const start = this.#stack.length - count
    if (start < this.#floor()) return this.#unbalanced()
    return this.#stack.splice(start)
  }

  mark(): void {
    if (this.#marks.length >= VALUES_MAX) this.#cursor.refuse(`is a pickle with more than ${VALUES_MAX} open values`)
    this.#marks.push(this.#stack.length)
  }

  popToMark(): unknown[] {
    const start = this.#marks.pop()
    return start === undefined ? this.#unbalanced() : this.#stack.splice(start)
  }

  append(values: readonly unknown[]): void {
    const top = this.top()
    const list: unknown[] = Array.isArray(top)
      ? top
      : this.#cursor.refuse('is a pickle that appends to something that is no list')
    for (const value of values) list.push(value)
  }

  /** @param items keys and values in turn */
  setItems(items: readonly unknown[]): void {
    const top = this.top()
    const dictionary: Map<unknown, unknown> =
      top instanceof Map && items.length % 2 === 0
        ? top
        : this.#cursor.refuse('is a pickle that sets items of something that is no dictionary')
    for (let i = 0; i < items.length; i += 2) dictionary.set(items[i], items[i + 1])
  }

  store(index: number): void {
    if (this.#memo.size >= VALUES_MAX) this.#cursor.refuse(`is a pickle with more than ${VALUES_MAX} remembered values`)
    this.#memo.set(index, this.top())
  }

  storeNext(): void {
    this.store(this.#memo.size)
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) this.#cursor.refuse('is a pickle that recalls what it never stored')
    this.push(this.#memo.get(index))
  }

  /** Values below the last mark are out of reach until the mark is gone. */
  #floor(): number {
    return this.#marks.at(-1) ?? 0
  }

  #unbalanced(): never {
    return this.#cursor.refuse('is a pickle that takes more from its stack than it put there')
  }
}

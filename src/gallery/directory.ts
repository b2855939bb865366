/** Which slot holds an image, and which slots a person has, as a list through the slots; every step is O(1). */
export class Directory {
  readonly #slotOf = new Map<number, number>()
  readonly #firstOf = new Map<number, number>()
  /** Neighbours in a person's list, plus 1; 0 is none. */
  #next = new Int32Array(0)
  #previous = new Int32Array(0)

  get images(): number {
    return this.#slotOf.size
  }

  get people(): number {
    return this.#firstOf.size
  }

  slotOf(imageId: number): number | undefined {
    return this.#slotOf.get(imageId)
  }

  imageIds(): Iterable<number> {
    return this.#slotOf.keys()
  }

  slotsOf(classId: number): number[] {
    const slots: number[] = []
    let at = this.#firstOf.get(classId)
    while (at !== undefined) {
      slots.push(at)
      at = neighbour(this.#next[at])
    }
    return slots
  }

  add(slot: number, imageId: number, classId: number): void {
    this.#makeRoom(slot)
    this.#slotOf.set(imageId, slot)
    const second = this.#firstOf.get(classId)
    this.#firstOf.set(classId, slot)
    this.#previous[slot] = 0
    this.#next[slot] = second === undefined ? 0 : second + 1
    if (second !== undefined) this.#previous[second] = slot + 1
  }

  remove(slot: number, imageId: number, classId: number): void {
    this.#slotOf.delete(imageId)
    const next = neighbour(this.#next[slot])
    const previous = neighbour(this.#previous[slot])
    if (next !== undefined) this.#previous[next] = previous === undefined ? 0 : previous + 1
    if (previous !== undefined) this.#next[previous] = next === undefined ? 0 : next + 1
    else if (next !== undefined) this.#firstOf.set(classId, next)
    else this.#firstOf.delete(classId)
  }

  #makeRoom(slot: number): void {
    if (slot < this.#next.length) return
    const length = Math.max(slot + 1, Math.ceil(this.#next.length * 1.25))
    this.#next = copied(this.#next, length)
    this.#previous = copied(this.#previous, length)
  }
}

function neighbour(link: number | undefined): number | undefined {
  return link === undefined || link === 0 ? undefined : link - 1
}

function copied(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length)
  longer.set(numbers)
  return longer
}

import { ChangesGone } from '../../src/domain/errors.ts'
import type { GalleryChange } from '../../src/domain/gallery.ts'
import type { TemplateLog } from '../../src/domain/records.ts'

interface Row {
  readonly imageId: number
  readonly classId: number
  readonly template: Float32Array
}

type Logged = { kind: 'image'; imageId: number } | { kind: 'remove-person'; classId: number } | { kind: 'clear' }

/** Records in memory that keep the promises of `TemplateLog`: templates are given as they are at the time of reading. */
export class MemoryLog implements TemplateLog {
  readonly rows = new Map<number, Row>()
  readonly #changes: Logged[] = []
  /** Changes up to this revision are forgotten. */
  #pruned = 0
  #history = 'one'
  /** Runs before each answer, so that a test can write in between. */
  beforeAnswer: () => void | Promise<void> = () => {}

  put(imageId: number, classId: number, template: Float32Array): number {
    this.rows.set(imageId, { imageId, classId, template })
    return this.#changes.push({ kind: 'image', imageId })
  }

  remove(imageId: number): number {
    this.rows.delete(imageId)
    return this.#changes.push({ kind: 'image', imageId })
  }

  removePerson(classId: number): number {
    for (const row of [...this.rows.values()]) if (row.classId === classId) this.rows.delete(row.imageId)
    return this.#changes.push({ kind: 'remove-person', classId })
  }

  clear(): number {
    this.rows.clear()
    return this.#changes.push({ kind: 'clear' })
  }

  /** Begins another history, with nothing in it. */
  restore(history: string): void {
    this.#history = history
    this.rows.clear()
    this.#changes.length = 0
    this.#pruned = 0
  }

  async revision(): Promise<number> {
    await this.beforeAnswer()
    return this.#changes.length
  }

  async history(): Promise<string> {
    return this.#history
  }

  async pruneChanges(keep: number): Promise<number> {
    const before = this.#pruned
    this.#pruned = Math.max(before, this.#changes.length - keep)
    return this.#pruned - before
  }

  async *templates(_modelId: string, pageSize: number): AsyncIterable<readonly Row[]> {
    let last = 0
    for (;;) {
      await this.beforeAnswer()
      const page = [...this.rows.values()].filter((row) => row.imageId > last).sort((a, b) => a.imageId - b.imageId)
      if (page.length === 0) return
      const rows = page.slice(0, pageSize)
      last = rows.at(-1)?.imageId ?? last
      yield rows
    }
  }

  async changesAfter(revision: number, _modelId: string, limit: number): Promise<readonly GalleryChange[]> {
    await this.beforeAnswer()
    if (revision < this.#pruned || revision > this.#changes.length) throw new ChangesGone()
    return this.#changes.slice(revision, revision + limit).map((change, index) => {
      const at = { revision: revision + index + 1 }
      if (change.kind !== 'image') return { ...at, ...change }
      const row = this.rows.get(change.imageId)
      return row === undefined ? { ...at, kind: 'remove', imageId: change.imageId } : { ...at, kind: 'put', ...row }
    })
  }

  async counts(): Promise<{ images: number; people: number; templates: number; labels: number }> {
    const people = new Set([...this.rows.values()].map((row) => row.classId)).size
    return { images: this.rows.size, people, templates: this.rows.size, labels: this.rows.size }
  }
}

import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The snapshots of a node that does not run, and those among them that a test has spoilt. */
export class SnapshotFolder {
  readonly #folder: string
  #spoilt = new Set<string>()

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'gallery')
  }

  /** Newest first. */
  get finished(): string[] {
    return this.#files.filter((file) => /^\d+\.snapshot$/.test(file)).sort((a, b) => b.localeCompare(a))
  }

  /** Whether one is there that was not written to its end. */
  get hasUnfinished(): boolean {
    return this.#files.some((file) => file.startsWith('being-written'))
  }

  /** What a start must begin from. */
  get newestSound(): string | null {
    return this.finished.find((file) => !this.#spoilt.has(file)) ?? null
  }

  /** Does to the newest one what a failing disk may do: cuts it anywhere, or turns over one bit. */
  spoilNewest(random: () => number): void {
    const [newest] = this.finished
    if (newest === undefined) return
    const path = join(this.#folder, newest)
    const bytes = readFileSync(path)
    const at = Math.floor(random() * bytes.length)
    if (random() < 0.5) truncateSync(path, at)
    else {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      writeFileSync(path, bytes)
    }
    this.#spoilt.add(newest)
  }

  /** A node that served has removed what it did not start from. */
  forgetSpoilt(): void {
    this.#spoilt = new Set()
  }

  get #files(): string[] {
    return readdirSync(this.#folder)
  }
}

/** What the networks of a pack cost on their own. */
import { join } from 'node:path'
import { openNetwork } from '../src/extraction/inference/network.ts'

/** A network and the input that a query of one face has it run on. */
export interface ModelRun {
  readonly name: string
  readonly file: string
  readonly dims: readonly number[]
}

export interface BareModels {
  /** CPU-ms of one run of each, the mean of so many; in turns, as in a query, so that each finds the caches as the others left them. */
  measure(times: number): Promise<readonly number[]>
  release(): Promise<void>
}

const MICROSECONDS_PER_MS = 1_000

export async function openBareModels(folder: string, runs: readonly ModelRun[]): Promise<BareModels> {
  const models = await Promise.all(
    runs.map(async ({ file, dims }) => ({
      network: await openNetwork(join(folder, file)),
      input: { data: Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => Math.random() - 0.5), dims },
    })),
  )
  return {
    async measure(times) {
      const costs = models.map(() => 0)
      for (let run = 0; run < times; run++)
        for (const [index, { network, input }] of models.entries()) {
          const began = process.cpuUsage()
          await network.run([input])
          const { user, system } = process.cpuUsage(began)
          costs[index] = (costs[index] ?? 0) + (user + system) / MICROSECONDS_PER_MS / times
        }
      return costs
    },
    async release() {
      for (const { network } of models) await network.release()
    },
  }
}

import type { ListedPack, PackIdentity } from '../domain/pack.ts'

export interface PackListing {
  /** The one that templates are made and compared with. */
  readonly active: PackIdentity
  /** In force: the pack's own, or the one that was set instead. */
  readonly threshold: number
  readonly packs: readonly ListedPack[]
}

/** The model packs there are, and which one is in use. */
export function packLister(active: PackIdentity, threshold: number, installed: () => Promise<readonly ListedPack[]>) {
  return async function listPacks(): Promise<PackListing> {
    return { active, threshold, packs: await installed() }
  }
}

export type ListPacks = ReturnType<typeof packLister>

import type { PackIdentity } from '../domain/pack.ts'
import type { Sampler } from './photos/sampler.ts'
import type { Section } from './report.ts'
import type { Surroundings } from './surroundings.ts'
import { checkTargets, type Target, type TargetResult } from './targets.ts'
import type { Task } from './task.ts'

export interface Report {
  readonly pack: Pick<PackIdentity, 'name' | 'modelId' | 'dimension' | 'threshold'>
  readonly surroundings: Surroundings
  readonly sections: readonly Section[]
  readonly targets: readonly TargetResult[]
}

/** For whoever watches. */
export interface Watcher {
  begin(photos: number): void
  photoDone(): void
}

/** Extracts every photo that the tasks need, each once, then lets each task say what it found. */
export async function evaluate(
  tasks: readonly Task[],
  sampler: Sampler,
  watcher: Watcher,
): Promise<readonly Section[]> {
  const wishes = tasks.flatMap((task) => task.wishes)
  watcher.begin(sampler.missing(wishes))
  await sampler.load(wishes, () => watcher.photoDone())
  return tasks.map((task) => task.run(({ photo, purpose }) => sampler.sample(photo, purpose)))
}

export function makeReport(
  { name, modelId, dimension, threshold }: PackIdentity,
  surroundings: Surroundings,
  sections: readonly Section[],
  targets: readonly Target[],
): Report {
  return {
    pack: { name, modelId, dimension, threshold },
    surroundings,
    sections,
    targets: checkTargets(targets, sections),
  }
}

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Frees what nobody refers to any more, now. A cleared gallery, or the model files that a start verified, may be most of
 * the process's memory, and a server that has little to do would keep it for hours: the collector comes by when something
 * is allocated.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}

import type { Plugin } from 'vite'
import { FIRST_LOAD_BYTES_MAX, firstLoad } from './first-load.ts'

/** Prints what the first page costs, and fails the build where that is too much. */
export function reportFirstLoad(): Plugin {
  let folder = ''
  return {
    name: 'report-first-load',
    apply: 'build',
    enforce: 'post',
    writeBundle({ dir = '' }) {
      folder = dir
    },
    closeBundle() {
      if (folder === '') return
      const { bytes, files } = firstLoad(folder)
      const kilobytes = (value: number) => `${(value / 1000).toFixed(1)} kB`
      console.log(
        `First load: ${kilobytes(bytes)} of ${kilobytes(FIRST_LOAD_BYTES_MAX)} in ${files.length} files (gzip)`,
      )
      if (bytes > FIRST_LOAD_BYTES_MAX) throw new Error('The page for recognition loads too much before it shows.')
    },
  }
}

import { createRequire } from 'node:module'

const { version } = createRequire(import.meta.url)('../../package.json')

/** Of the product. */
export const VERSION = String(version)

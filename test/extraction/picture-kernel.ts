import { fileURLToPath } from 'node:url'

/** As built. */
export const PICTURE_KERNEL = fileURLToPath(new URL('../../dist/extraction/picture/kernel.wasm', import.meta.url))

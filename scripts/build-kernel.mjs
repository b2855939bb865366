// Compiles the kernels (AssemblyScript) to WebAssembly with SIMD.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

// The gallery's works on memories that threads share: once for runtimes with relaxed SIMD, once for those without.
// Pages of 64 KiB: every memory may have at most 65,536 of them, 4 GiB.
const GALLERY = ['select', 'encode', 'vectors', 'lives']
const SHARED = [
  ...['--enable', 'threads', '--importMemory', '--sharedMemory'],
  ...['--initialMemory', '1', '--maximumMemory', '65536'],
]
await compile('gallery/kernel', GALLERY, 'gallery/kernel/relaxed.wasm', [...SHARED, '--enable', 'relaxed-simd'])
await compile('gallery/kernel', GALLERY, 'gallery/kernel/base.wasm', SHARED)
await compile('extraction/picture/kernel', ['draw', 'tensor', 'texture'], 'extraction/picture/kernel.wasm', [])

/** Whatever the sources below `folder` export, the kernel exports. */
async function compile(folder, names, target, options) {
  const file = join(root, 'dist', target)
  mkdirSync(dirname(file), { recursive: true })
  const { error, stderr } = await asc.main([
    ...names.map((name) => join(root, 'src', folder, 'assembly', `${name}.ts`)),
    ...['--outFile', file, '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--noColors'],
    ...options,
  ])
  if (error) {
    process.stderr.write(`${stderr.toString()}\n${error.message}\n`)
    process.exitCode = 1
  }
}

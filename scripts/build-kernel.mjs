// Compiles the gallery's kernel (AssemblyScript) to WebAssembly with SIMD over an imported shared memory.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// Whatever these export, the kernel exports.
const sources = ['select.ts', 'encode.ts', 'lives.ts'].map((name) =>
  join(root, 'src', 'gallery', 'kernel', 'assembly', name),
)
const target = join(root, 'dist', 'gallery', 'kernel', 'kernel.wasm')
mkdirSync(dirname(target), { recursive: true })

// Pages of 64 KiB: every memory that is imported may have at most 65,536 of them, 4 GiB.
const { error, stderr } = await asc.main([
  ...sources,
  ...['--outFile', target, '-O3', '--noAssert', '--runtime', 'stub'],
  ...['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory'],
  ...['--initialMemory', '1', '--maximumMemory', '65536', '--noColors'],
])
if (error) {
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`)
  process.exitCode = 1
}

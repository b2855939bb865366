import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Debian's packages belong to Debian's Python, which may not be the first in the path. */
const INTERPRETERS = ['/usr/bin/python3', 'python3']
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024

/** The files of the old system are made by the libraries that made them there. */
export type PythonModule = 'faiss' | 'numpy' | 'torch'

/**
 * Runs a Python script and answers what it printed.
 * @throws Error that says what to install where no interpreter has the modules: these tests are never skipped
 */
export async function runPython(
  modules: readonly PythonModule[],
  script: string,
  args: readonly string[] = [],
): Promise<string> {
  for (const interpreter of INTERPRETERS) {
    if (!(await has(interpreter, modules))) continue
    const { stdout } = await run(interpreter, ['-c', script, ...args], { maxBuffer: OUTPUT_BYTES_MAX })
    return stdout
  }
  const packages = ['python3', ...modules.map((module) => `python3-${module}`)].join(' ')
  throw new Error(`These tests need Python 3 with ${modules.join(', ')}. On Debian: apt-get install -y ${packages}`)
}

async function has(interpreter: string, modules: readonly PythonModule[]): Promise<boolean> {
  const specs = ['True', ...modules.map((module) => `find_spec('${module}')`)].join(' and ')
  try {
    await run(interpreter, ['-c', `from importlib.util import find_spec; import sys; sys.exit(0 if ${specs} else 1)`])
    return true
  } catch {
    return false
  }
}

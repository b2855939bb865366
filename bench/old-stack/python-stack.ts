import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Debian's packages belong to Debian's Python, which may not be the first in the path. */
const PYTHON = '/usr/bin/python3'
const SERVER = fileURLToPath(new URL('../../../../bench/old-stack/server.py', import.meta.url))
const REFERENCE = fileURLToPath(new URL('../../../../src/models/convert/torch/iresnet-reference.py', import.meta.url))
const MODULES = 'fastapi, uvicorn, multipart, torch, faiss, numpy, PIL'
const PACKAGES =
  'python3-fastapi python3-uvicorn python3-multipart python3-torch python3-faiss python3-numpy python3-pil'
const ONE_THREAD = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' }
const QUIET = ['--log-level', 'warning', '--no-access-log']
/** A loop that a network blocks reads late, and would close connections with requests in them after five seconds. */
const PATIENT = ['--timeout-keep-alive', '600']
const ASKED_EVERY_MS = 250
const START_MS_MAX = 300_000

export interface PythonStack {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** `frozen` is the strongest PyTorch has to offer; the old system had `plain`. */
export type Peer = 'plain' | 'frozen'

/** Versions of what is compared with. @throws Error that says what to install */
export function pythonVersions(): string {
  const script = `import ${MODULES}, sys\nprint('Python', sys.version.split()[0], 'PyTorch', torch.__version__, 'uvicorn', uvicorn.__version__, 'FAISS', faiss.__version__, torch.backends.cpu.get_cpu_capability() if hasattr(torch.backends, 'cpu') else '')`
  const { status, stdout } = spawnSync(PYTHON, ['-c', script], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The old stack needs Debian's packages: apt-get install -y ${PACKAGES}`)
  return stdout.trim()
}

/** Random weights of an iresnet18, as arcface_torch saves them. @returns the .pth file */
export async function randomWeights(folder: string): Promise<string> {
  await promisify(execFile)(PYTHON, [REFERENCE, '2,2,2,2', folder])
  return join(folder, 'float32.pth')
}

/** CPU-ms of decoding and embedding one crop, in so many processes at once, without a server. */
export async function cropCpuMs(
  peer: Peer,
  weights: string,
  crop: string,
  processes: number,
  times: number,
): Promise<number> {
  const alone = () => promisify(execFile)(PYTHON, [SERVER, crop, String(times)], { env: environment(peer, weights) })
  const each = await Promise.all(Array.from({ length: processes }, alone))
  return each.reduce((sum, { stdout }) => sum + Number(stdout), 0) / processes
}

/** uvicorn with so many processes of one thread each, once they answer. */
export async function startPythonStack(peer: Peer, weights: string, workers: number): Promise<PythonStack> {
  const port = await freePort()
  const words = [
    '-m',
    'uvicorn',
    'server:app',
    '--workers',
    String(workers),
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
  ]
  const child = spawn(PYTHON, [...words, ...QUIET, ...PATIENT], {
    cwd: dirname(SERVER),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment(peer, weights),
  })
  const url = `http://127.0.0.1:${port}`
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  for (const endMs = performance.now() + START_MS_MAX; ; await sleep(ASKED_EVERY_MS)) {
    if ((await fetch(`${url}/docs`).catch(() => null))?.ok === true) break
    if (child.exitCode !== null || performance.now() > endMs) {
      await stop()
      throw new Error('the Python stack did not start')
    }
  }
  return { url, pid: child.pid ?? 0, stop }
}

function environment(peer: Peer, weights: string) {
  return {
    ...process.env,
    ...ONE_THREAD,
    PYTHONDONTWRITEBYTECODE: '1',
    OLD_STACK_WEIGHTS: weights,
    ...(peer === 'frozen' ? { OLD_STACK_FROZEN: '1' } : {}),
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no port is free')
  return address.port
}

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Where and with what a result came about. */
export interface Surroundings {
  readonly date: string
  readonly command: string
  /** The checkout's commit, with `-dirty` where files differ from it; null outside of git. */
  readonly commit: string | null
  readonly cpu: string
  readonly cpus: number
  readonly memoryGiB: number
  readonly platform: string
  readonly node: string
  /** Of the product and of the libraries that a result depends on. */
  readonly packages: Readonly<Record<string, string>>
}

const PACKAGE_FILE = new URL('../../package.json', import.meta.url)
const LIBRARIES = ['onnxruntime-node', 'sharp', '@vladmandic/human', '@vladmandic/face-api']
const GIB = 2 ** 30

export async function describeSurroundings(command: string): Promise<Surroundings> {
  return {
    date: new Date().toISOString().slice(0, 10),
    command,
    commit: await readCommit(),
    cpu: cpus()[0]?.model ?? 'unknown processor',
    cpus: availableParallelism(),
    memoryGiB: Math.round(totalmem() / GIB),
    platform: `${platform()} ${release()}`,
    node: process.versions.node,
    packages: await readVersions(),
  }
}

async function readCommit(): Promise<string | null> {
  const folder = dirname(fileURLToPath(PACKAGE_FILE))
  try {
    const { stdout } = await promisify(execFile)(
      'git',
      ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'],
      {
        cwd: folder,
      },
    )
    return stdout.trim() || null
  } catch {
    return null
  }
}

/** Versions are pinned exactly, so package.json says what is installed. */
async function readVersions(): Promise<Record<string, string>> {
  const described: unknown = JSON.parse(await readFile(PACKAGE_FILE, 'utf8'))
  if (!isRecord(described)) return {}
  const dependencies = isRecord(described.dependencies) ? described.dependencies : {}
  const versions = [['nhandien', described.version], ...LIBRARIES.map((name) => [name, dependencies[name]])]
  return Object.fromEntries(
    versions.flatMap(([name, version]) => (typeof version === 'string' ? [[name, version]] : [])),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

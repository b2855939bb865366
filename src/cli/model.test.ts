import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { encoded, smallDetector, smallRecogniser } from '../../test/models/small-models.ts'
import { temporaryData } from '../../test/models/temporary-data.ts'
import { writeZip } from '../../test/models/write-zip.ts'
import { modelCommand } from './model.ts'

/** As built: the kernel that draws pictures lies beside it. */
const WORKER_URL = new URL('../../dist/extraction/pool/worker.js', import.meta.url)

/** A command line with its own data directory; each call answers with what was printed. */
async function commandLine() {
  const dataDir = await temporaryData()
  const folder = path.join(dataDir, 'My Models')
  await mkdir(folder)
  await writeFile(path.join(folder, 'd.onnx'), encoded(smallDetector()))
  await writeFile(path.join(folder, 'r.onnx'), encoded(smallRecogniser()))
  vi.stubEnv('DATA_DIR', dataDir)
  vi.stubEnv('MODEL_PACK', 'mine')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const run = async (...words: string[]) => {
    const printed: string[] = []
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0),
    )
    try {
      await modelCommand(WORKER_URL).exitOverride().parseAsync(words, { from: 'user' })
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
    return printed.join('')
  }
  return { run, folder }
}

describe('nhandien model', () => {
  it('adds, lists, shows and removes packs', async () => {
    const { run, folder } = await commandLine()
    expect(await run('list')).toBe('  default  is made out of npm packages at the first start\n')
    expect(await run('add', folder)).toMatch(/^my-models added in .*embeddings of 64 values.*MODEL_PACK=my-models/s)
    expect(await run('add', folder, '--name', 'mine', '--licence', 'CC0')).toMatch(/licence: CC0/)
    expect(await run('list')).toMatch(/^\* mine {2}scrfd, arcface, 64 values, threshold 0.5$/m)
    expect(JSON.parse(await run('show', 'mine'))).toMatchObject({ name: 'mine', licence: 'CC0' })
    expect(await run('remove', 'my-models')).toBe('my-models removed\n')
    await expect(run('remove', 'my-models')).rejects.toThrow(/no such pack/)
    await expect(run('remove', 'mine')).rejects.toThrow(/is in use/)
  })

  it('optimises a pack by its name, and says why int8 is not accepted', async () => {
    const { run, folder } = await commandLine()
    expect(await run('add', folder)).toMatch(/float32 only; int8 was not accepted: .*needed/)
    expect(await run('optimise', 'my-models')).toMatch(
      /^my-models: float32 .*sample photos.*Not accepted, float32 stays/ms,
    )
    expect(JSON.parse(await run('show', 'my-models'))).not.toHaveProperty('int8')
    await expect(run('optimise', 'no-such')).rejects.toThrow(/is missing/)
  })

  it('makes an int8 recogniser for the default pack, which is shown with what was found', async () => {
    const { run } = await commandLine()
    const printed = await run('optimise', 'default', '--samples')
    expect(printed).toMatch(/faces compared +11\n.*noise, share of the faces' variance +0\.0/s)
    // Whether it gains enough is the CPU's to say; what it does to templates is not.
    expect(printed).toMatch(/^Accepted: PROBE_PRECISION=int8 MODEL_PACK=default|stays:\n {2}CPU time as a share/m)
    const { int8 } = JSON.parse(await run('show', 'default'))
    if (printed.includes('Accepted')) expect(int8).toMatchObject({ file: 'recogniser-int8.onnx', faces: 'samples' })
    else expect(int8).toBeUndefined()
  })

  it('installs from a mirror, and not without the licence', async () => {
    const { run, folder } = await commandLine()
    const archive = writeZip([
      { name: 'det_500m.onnx', bytes: encoded(smallDetector()) },
      { name: 'w600k_mbf.onnx', bytes: encoded(smallRecogniser()) },
    ])
    const server = createServer((_, response) => response.end(archive))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.close()
    })
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
    const mirror = ['--from-url', url, '--sha256', createHash('sha256').update(archive).digest('hex')]
    await expect(run('install', 'buffalo_s', ...mirror)).rejects.toThrow(/licence was not accepted/)
    await expect(run('install', 'buffalo_s', '--accept-license', '--from-url', url)).rejects.toThrow(/has the SHA-256/)
    expect(await run('install', 'buffalo_s', '--accept-license', ...mirror)).toMatch(/buffalo_s added.*non-commercial/s)
    expect(await run('list')).toMatch(/ {2}buffalo_s {2}scrfd/)
    await expect(run('add', folder, '--name', 'buffalo_s')).rejects.toThrow(/exists/)
  })
})

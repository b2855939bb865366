import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { encoded, smallDetector, smallRecogniser } from '../../test/models/small-models.ts'
import { temporaryData } from '../../test/models/temporary-data.ts'
import { writeZip } from '../../test/models/write-zip.ts'
import { modelCommand } from './model.ts'

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
      await modelCommand().exitOverride().parseAsync(words, { from: 'user' })
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

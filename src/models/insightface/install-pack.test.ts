import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encoded, smallAttributes, smallDetector, smallRecogniser } from '../../../test/models/small-models.ts'
import { temporaryData } from '../../../test/models/temporary-data.ts'
import { writeZip, type ZipFileToWrite } from '../../../test/models/write-zip.ts'
import { isRefusal } from '../../domain/errors.ts'
import { runOnce } from '../../extraction/inference/network.ts'
import { modelsFolder } from '../packs/pack-name.ts'
import { type InstallPackRequest, installPack } from './install-pack.ts'
import { INSIGHTFACE_LICENCE } from './published.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the test server has no port')
  return `http://127.0.0.1:${address.port}/release`
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const MODELS: readonly ZipFileToWrite[] = [
  { name: 'buffalo_sc/det_500m.onnx', bytes: encoded(smallDetector()) },
  { name: 'buffalo_sc/w600k_mbf.onnx', bytes: encoded(smallRecogniser()), deflated: true },
  { name: 'buffalo_sc/genderage.onnx', bytes: encoded(smallAttributes(96, 3)), deflated: true },
]

/** Serves the archive and installs it, checked against its own hash unless told otherwise. */
async function install(archive: Uint8Array, change: Partial<InstallPackRequest> = {}) {
  const dataDir = await temporaryData()
  const asked: string[] = []
  const baseUrl = await serve((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-length', archive.byteLength)
    response.end(archive)
  })
  const sha = sha256(archive)
  const request = {
    dataDir,
    name: 'buffalo_sc',
    acceptLicence: true,
    baseUrl,
    sha256: sha,
    runModel: runOnce,
    ...change,
  }
  return { dataDir, asked, sha, installed: installPack(request) }
}

async function leftIn(dataDir: string): Promise<string[]> {
  return readdir(modelsFolder(dataDir)).catch(() => [])
}

describe('installing a published pack', () => {
  it('downloads, verifies, unpacks and adds it with its licence', async () => {
    const seen: (number | null)[][] = []
    const archive = writeZip(MODELS)
    const { installed, asked, dataDir, sha } = await install(archive, { onDownload: (...step) => seen.push(step) })
    const pack = await installed
    expect(asked).toEqual(['/release/buffalo_sc.zip'])
    expect(pack.manifest).toMatchObject({ name: 'buffalo_sc', dimension: 64, licence: INSIGHTFACE_LICENCE })
    expect(pack.manifest.source).toContain(sha)
    expect(pack.unused).toEqual([{ file: 'genderage.onnx', what: 'age and gender' }])
    expect(seen.at(-1)).toEqual([archive.length, archive.length])
    expect(await leftIn(dataDir)).toEqual(['buffalo_sc'])
  })

  it('wants the licence accepted before anything is asked of anybody', async () => {
    const { installed, asked, dataDir } = await install(writeZip(MODELS), { acceptLicence: false })
    await expect(installed).rejects.toMatchObject({ details: { licence: INSIGHTFACE_LICENCE } })
    expect(asked).toEqual([])
    expect(await leftIn(dataDir)).toEqual([])
  })

  it('holds a mirror to the hash of what InsightFace published', async () => {
    const dataDir = await temporaryData()
    const baseUrl = await serve((_, response) => response.end(writeZip(MODELS)))
    const request = { dataDir, name: 'buffalo_sc', acceptLicence: true, baseUrl, runModel: runOnce }
    await expect(installPack(request)).rejects.toThrow(/has the SHA-256 .*, not 57d31b56b6ffa911/)
    expect(await leftIn(dataDir)).toEqual([])
  })

  it.each<[string, Partial<InstallPackRequest>, RegExp]>([
    ['a pack that is not published', { name: 'buffalo_xxl' }, /there are buffalo_s, buffalo_l/],
    ['a hash that is none', { sha256: 'abc' }, /SHA-256 given is not one/],
    ['a file for an address', { baseUrl: 'file:///etc' }, /neither http nor https/],
    ['no address', { baseUrl: 'example' }, /neither http nor https/],
  ])('refuses %s', async (_, change, reason) => {
    const { installed, asked } = await install(writeZip(MODELS), change)
    await expect(installed).rejects.toThrow(reason)
    expect(asked).toEqual([])
  })

  const [first, second] = MODELS
  if (first === undefined || second === undefined) throw new Error('the test has no models')
  it.each<[string, Uint8Array, RegExp]>([
    ['no archive', Buffer.from('<html>not found</html>'), /the archive cannot be read/],
    ['half an archive', writeZip(MODELS).subarray(0, 5000), /the archive cannot be read/],
    ['no models in it', writeZip([{ name: 'README', bytes: Buffer.from('x') }]), /holds no .onnx file/],
    ['a path that leads out', writeZip([{ ...first, name: '../../det.onnx' }, second]), /cannot be read.*path/],
    ['an absolute path', writeZip([{ ...first, name: '/tmp/det.onnx' }, second]), /cannot be read.*path/],
    [
      'two files of one name',
      writeZip([
        { ...first, name: 'a/x.onnx' },
        { ...second, name: 'b/x.onnx' },
      ]),
      /x.onnx twice/,
    ],
    ['a name with control characters', writeZip([{ ...first, name: 'a\u0007.onnx' }, second]), /with the name/],
    ['a wrong checksum', writeZip([{ ...first, crc: 1 }, second]), /cannot be read/],
    [
      'a bomb',
      writeZip([{ ...first, bytes: new Uint8Array(3_000_000), statedSize: 1000, deflated: true }]),
      /cannot be read/,
    ],
    [
      'a file that says it is huge',
      writeZip([{ ...first, statedSize: 0xfffffff0, deflated: true }]),
      /unpacks to|cannot be read/,
    ],
    [
      'too many models',
      writeZip(Array.from({ length: 40 }, (_, i) => ({ ...first, name: `${i}.onnx` }))),
      /more than 32/,
    ],
    [
      'a link for a model',
      writeZip([{ name: 'det.onnx', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }, second]),
      /det.onnx.*is not an ONNX model/,
    ],
  ])('refuses %s and leaves nothing', async (_, archive, reason) => {
    const { installed, dataDir } = await install(archive)
    await expect(installed).rejects.toThrow(reason)
    await expect(installed).rejects.toMatchObject({ code: 'model-refused' })
    expect(await leftIn(dataDir)).toEqual([])
  })

  it.each<[string, RequestListener, RegExp, Partial<InstallPackRequest>?]>([
    ['has it not', (_, response) => response.writeHead(404).end(), /answered 404/],
    [
      'announces too much',
      (_, response) => response.writeHead(200, { 'content-length': 2 ** 40 }).write('x'),
      /wants to send/,
    ],
    [
      'hangs up half-way',
      (_, response) => response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy()),
      /failed|sent 1 of 100/,
    ],
    ['falls silent', (_, response) => response.writeHead(200).write('x'), /was silent for 0.2 s/, { silenceMs: 200 }],
    ['never answers', () => {}, /was silent for 0.2 s/, { silenceMs: 200 }],
    [
      'sends users in circles',
      (request, response) => response.writeHead(302, { location: request.url }).end(),
      /failed/,
    ],
  ])('gives up on a server that %s', async (_, listener, reason, change = {}) => {
    const dataDir = await temporaryData()
    const request = { dataDir, name: 'antelopev2', acceptLicence: true, runModel: runOnce, ...change }
    const baseUrl = await serve(listener)
    const outcome = await installPack({ ...request, baseUrl }).catch((error: unknown) => error)
    expect(isRefusal(outcome, 'model-refused') && outcome.message).toMatch(reason)
    expect(await leftIn(dataDir)).toEqual([])
  })

  it("sends a mirror's password and token, and never repeats them", async () => {
    const dataDir = await temporaryData()
    const asked: string[] = []
    const baseUrl = await serve((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`)
      response.writeHead(403).end()
    })
    const secretUrl = `${baseUrl.replace('http://', 'http://me:secret@')}/?token=hidden`
    const request = { dataDir, name: 'antelopev2', acceptLicence: true, runModel: runOnce, baseUrl: secretUrl }
    const outcome = await installPack(request).catch((error: unknown) => error)
    expect(asked).toEqual([`/release/antelopev2.zip?token=hidden Basic ${Buffer.from('me:secret').toString('base64')}`])
    expect(String(outcome)).toMatch(/answered 403/)
    expect(String(outcome)).not.toMatch(/secret|hidden/)
  })
})

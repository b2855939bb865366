import { Refusal } from '../../domain/errors.ts'

/** An archive of models that InsightFace publishes. */
export interface PublishedArchive {
  readonly name: string
  readonly bytes: number
  /** Lower-case hex; InsightFace states none, so these are of the files as many projects have fetched and pinned them. */
  readonly sha256: string
  readonly detector: string
  readonly recogniser: string
}

export const PUBLISHED_BASE_URL = 'https://github.com/deepinsight/insightface/releases/download/v0.7'

export const PUBLISHED_ARCHIVES: readonly PublishedArchive[] = [
  {
    name: 'buffalo_s',
    bytes: 127_607_557,
    sha256: 'd85a87f503f691807cd8bb97128bdf7a0660326cd9cd02657127fa978bab8b5e',
    detector: 'SCRFD-500MF',
    recogniser: 'MobileFaceNet, WebFace600K',
  },
  {
    name: 'buffalo_l',
    bytes: 288_621_354,
    sha256: '80ffe37d8a5940d59a7384c201a2a38d4741f2f3c51eef46ebb28218a7b0ca2f',
    detector: 'SCRFD-10GF',
    recogniser: 'ResNet50, WebFace600K',
  },
  {
    name: 'buffalo_sc',
    bytes: 14_969_382,
    sha256: '57d31b56b6ffa911c8a73cfc1707c73cab76efe7f13b675a05223bf42de47c72',
    detector: 'SCRFD-500MF',
    recogniser: 'MobileFaceNet, WebFace600K',
  },
  {
    name: 'antelopev2',
    bytes: 360_662_982,
    sha256: '8e182f14fc6e80b3bfa375b33eb6cff7ee05d8ef7633e738d1c89021dcf0c5c5',
    detector: 'SCRFD-10GF',
    recogniser: 'ResNet100, Glint360K',
  },
]

/** Kept in the manifest of every pack that is installed from InsightFace's archives. */
export const INSIGHTFACE_LICENCE =
  "InsightFace's pretrained models are available for non-commercial research purposes only; any other use needs a " +
  'licence from InsightFace. https://github.com/deepinsight/insightface#license'

/** @throws Refusal `model-refused` with the names there are */
export function publishedArchive(name: string): PublishedArchive {
  const archive = PUBLISHED_ARCHIVES.find((published) => published.name === name)
  if (archive !== undefined) return archive
  const names = PUBLISHED_ARCHIVES.map((published) => published.name).join(', ')
  throw new Refusal('model-refused', { pack: name.slice(0, 80), reason: `is not published; there are ${names}` })
}

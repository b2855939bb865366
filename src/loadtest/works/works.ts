import type { Role } from '../../domain/account.ts'
import { browsing } from './browse.ts'
import { enrolling } from './enrol.ts'
import { mixing } from './mixed.ts'
import { recognising } from './recognise.ts'
import { signingIn } from './sign-in.ts'
import type { Materials, Work } from './work.ts'

export const WORK_NAMES = ['recognise', 'enrol', 'browse', 'mixed', 'sign-in'] as const
export type WorkName = (typeof WORK_NAMES)[number]

export interface WorkKind {
  readonly make: (materials: Materials) => Work
  readonly sendsPhotos: boolean
  readonly enrols: boolean
  /** What the account must be allowed to; null where none is needed. */
  readonly account: Role | null
}

export const WORKS: Readonly<Record<WorkName, WorkKind>> = {
  recognise: { make: recognising, sendsPhotos: true, enrols: false, account: null },
  enrol: { make: enrolling, sendsPhotos: true, enrols: true, account: 'editor' },
  browse: { make: browsing, sendsPhotos: false, enrols: false, account: null },
  mixed: { make: mixing, sendsPhotos: true, enrols: true, account: 'editor' },
  'sign-in': { make: signingIn, sendsPhotos: false, enrols: false, account: 'viewer' },
}

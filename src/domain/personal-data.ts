import type { AuditRow } from './audit-records.ts'
import type { Quality } from './face.ts'
import type { Person } from './person.ts'

/** Everything that is held about a person. */
export interface PersonalData {
  readonly person: Person
  /** Null where the old system made the row. */
  readonly createdAt: Date | null
  readonly updatedAt: Date | null
  /** By image id. */
  readonly images: readonly HeldImage[]
  /** What was done to the person, oldest first. */
  readonly audit: readonly AuditRow[]
}

export interface HeldImage {
  readonly imageId: number
  readonly label: string
  /** Of the uploaded bytes, hex. */
  readonly photoSha256: string | null
  readonly quality: Quality | null
  /** JPEG. */
  readonly crop: Uint8Array | null
  /** Of every model; damaged ones are left out. */
  readonly templates: readonly { readonly modelId: string; readonly template: Float32Array }[]
  /** The ids that it had in a system it was imported from. */
  readonly oldIds: readonly string[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

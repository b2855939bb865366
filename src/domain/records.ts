import type { Account, Actor, Role } from './account.ts'
import type { Quality } from './face.ts'
import type { GalleryChange } from './gallery.ts'
import type { Person, PersonChanges, PersonFields } from './person.ts'

/** An image to be stored: the face of one person in one photo. */
export interface NewImage {
  /** Chosen by the client, 1 to 2^53 - 1; the next free one otherwise. */
  readonly imageId?: number
  /** What the client calls it: data, never a path that is opened. */
  readonly label: string
  readonly template: Float32Array
  readonly modelId: string
  /** Of the uploaded bytes, hex; null where no photo was there (an imported template). */
  readonly photoSha256: string | null
  readonly crop: Uint8Array | null
  readonly quality: Quality | null
}

export interface StoredImage {
  readonly imageId: number
  readonly classId: number
  readonly label: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What a committed write did. `revision` is the newest change-log revision it made. */
export interface Written {
  readonly revision: number
}

export interface Page {
  /** From 1. */
  readonly page: number
  readonly pageSize: number
}

export interface Paged<T> {
  readonly rows: readonly T[]
  readonly total: number
}

export type ImageSortKey = 'image_id' | 'class_id' | 'image_path' | 'created' | 'updated'

export interface PersonWithImageCount extends Person {
  readonly imageCount: number
}

/** People, their images and templates. Each write is one transaction with its audit row and its change-log rows. */
export interface PeopleRecords {
  person(classId: number): Promise<Person | null>
  /** `text` matches name, age, residence or class id, without regard to case or accents; '' lists all. By class id. */
  listPeople(text: string, page: Page): Promise<Paged<PersonWithImageCount>>
  image(imageId: number): Promise<StoredImage | null>
  imageIdsOf(classId: number): Promise<readonly number[]>
  listImages(
    wish: Page & { classId: number | null; sortBy: ImageSortKey; descending: boolean },
  ): Promise<Paged<StoredImage>>
  /** The images that still exist, with their people and templates of the model, keyed by image id. */
  matches(
    imageIds: readonly number[],
    modelId: string,
  ): Promise<ReadonlyMap<number, { image: StoredImage; person: Person; template: Float32Array }>>
  /** All templates of a person under a model. */
  templatesOf(classId: number, modelId: string): Promise<readonly { imageId: number; template: Float32Array }[]>
  crop(imageId: number): Promise<Uint8Array | null>
  /** The images of this very file, whosever they are. */
  imagesOfPhoto(photoSha256: string): Promise<readonly StoredImage[]>

  /**
   * Adds images to a new person (`fields`, with `classId` where the client chose one) or to a known one (`classId`,
   * with `changes` to apply).
   * @throws Refusal `image-id-taken`, `person-not-found`
   */
  enrol(
    person: { classId: number | null; fields: PersonFields } | { classId: number; changes: PersonChanges },
    images: readonly NewImage[],
    actor: Actor,
  ): Promise<Written & { person: Person; imageIds: readonly number[]; createdPerson: boolean }>
  /** @throws Refusal `person-not-found` */
  editPerson(
    classId: number,
    changes: PersonChanges,
    actor: Actor,
  ): Promise<Written & { person: Person; fieldsChanged: readonly string[] }>
  /**
   * Replaces an image's template and crop, its label, the fields of its person, or any of these, together.
   * @throws Refusal `image-not-found`
   */
  editImage(
    imageId: number,
    edit: {
      replacement?: Omit<NewImage, 'imageId' | 'label'>
      label?: string
      /** Moves the image to another person. */
      classId?: number
      personChanges?: PersonChanges
    },
    actor: Actor,
  ): Promise<Written & { image: StoredImage; person: Person; fieldsChanged: readonly string[] }>
  /** @throws Refusal `image-not-found` */
  removeImage(imageId: number, actor: Actor): Promise<Written & { classId: number }>
  /** @throws Refusal `person-not-found` */
  removePerson(classId: number, actor: Actor): Promise<Written & { imagesRemoved: number }>
  /** Removes every image and, with `people`, every person; `backup` is named in the audit row. */
  reset(
    wish: { people: boolean; backup: string },
    actor: Actor,
  ): Promise<Written & { imagesRemoved: number; peopleRemoved: number }>
}

/** What the gallery is built from and kept in step by. */
export interface TemplateLog {
  /** The newest committed revision. */
  revision(): Promise<number>
  /** All templates of a model in pages by image id, as of a revision not older than the one given first. */
  templates(
    modelId: string,
    pageSize: number,
  ): AsyncIterable<readonly { imageId: number; classId: number; template: Float32Array }[]>
  /** Changes newer than `revision` in order, at most `limit`, with the templates as they are now. */
  changesAfter(revision: number, modelId: string, limit: number): Promise<readonly GalleryChange[]>
  counts(modelId: string): Promise<{ images: number; people: number; templates: number; labels: number }>
}

export interface StoredAccount extends Account {
  /** Argon2id in PHC form, or whatever an adopted account table held. */
  readonly passwordHash: string
  readonly lockedUntil: Date | null
  readonly disabled: boolean
}

export interface Session {
  readonly username: string
  readonly role: Role
  readonly expiresAt: Date
}

export interface AccountRecords {
  count(): Promise<number>
  account(username: string): Promise<StoredAccount | null>
  list(): Promise<readonly StoredAccount[]>
  /** @throws Refusal `username-taken` */
  create(account: Account & { passwordHash: string }, actor: Actor): Promise<void>
  /** Also ends the account's sessions, but for the one given. */
  setPassword(username: string, passwordHash: string, keepTokenHash: string | null, actor: Actor): Promise<void>
  /** Notes a sign-in and opens a session; `tokenHash` is SHA-256 of the token in hex. */
  openSession(username: string, tokenHash: string, expiresAt: Date, actor: Actor): Promise<void>
  /** Notes a sign-in that failed. */
  refuseSignIn(username: string, actor: Actor): Promise<void>
  session(tokenHash: string): Promise<Session | null>
  closeSession(tokenHash: string, actor: Actor): Promise<void>
}

export interface AuditRow {
  readonly id: number
  readonly at: Date
  readonly username: string | null
  readonly action: string
  readonly target: string | null
  readonly address: string | null
  readonly requestId: string | null
  readonly details: Readonly<Record<string, unknown>>
}

export interface AuditRecords {
  list(filter: { username?: string; action?: string; from?: Date; to?: Date }, page: Page): Promise<Paged<AuditRow>>
}

export interface Records {
  readonly people: PeopleRecords
  readonly templates: TemplateLog
  readonly accounts: AccountRecords
  readonly audit: AuditRecords
  /** Whether the database answers now; the round trip in milliseconds. @throws Refusal `not-ready` */
  ping(): Promise<number>
  /** A restorable copy of everything, written whole or not at all; answers with its file name. */
  backup(): Promise<string>
  close(): Promise<void>
}

import type { Actor } from './account.ts'
import type { AccountRecords } from './account-records.ts'
import type { AuditRecords } from './audit-records.ts'
import type { BackupProgress } from './backup.ts'
import type { EncryptionRecords } from './encryption.ts'
import type { Quality } from './face.ts'
import type { GalleryChange } from './gallery.ts'
import type { ImportLookup } from './import-lookup.ts'
import type { Page, Paged } from './paging.ts'
import type { Person, PersonChanges, PersonFields } from './person.ts'
import type { PersonalData } from './personal-data.ts'

/** An image to be stored: the face of one person in one photo. */
export interface NewImage {
  /** Chosen by the client, 1 to 2^53 - 1; the next free one otherwise. */
  readonly imageId?: number
  /** What an imported image was called in the system it comes from; one is imported once for a model. */
  readonly oldId?: string
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

export type ImageSortKey = 'image_id' | 'class_id' | 'image_path' | 'created' | 'updated'

export type PersonSortKey = 'class_id' | 'name' | 'age' | 'updated'

export interface PersonOrder {
  readonly sortBy: PersonSortKey
  readonly descending: boolean
}

export interface PersonWithImageCount extends Person {
  readonly imageCount: number
  /** The first of the images; null without one. */
  readonly firstImageId: number | null
}

/** A new person, with `classId` where the client chose one, or a known one with changes to apply. */
export type EnrolmentSubject =
  | { readonly classId: number | null; readonly fields: PersonFields }
  | { readonly classId: number; readonly changes: PersonChanges }

export interface Enrolled {
  readonly person: Person
  readonly imageIds: readonly number[]
  readonly createdPerson: boolean
}

/** People, their images and templates. Each write is one transaction with its audit row and its change-log rows. */
export interface PeopleRecords {
  person(classId: number): Promise<Person | null>
  /**
   * `text` matches name, age, residence or class id, without regard to case or accents; '' lists all. By class id where
   * no order is given; what is not known comes last.
   */
  listPeople(text: string, page: Page, order?: PersonOrder): Promise<Paged<PersonWithImageCount>>
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
   * with `changes` to apply). An image whose photo the person has already is not stored again: its id is answered.
   * @throws Refusal `image-id-taken`, `person-not-found`; `field-invalid` for a chosen `classId` that is taken
   */
  enrol(subject: EnrolmentSubject, images: readonly NewImage[], actor: Actor): Promise<Written & Enrolled>
  /** The same for many at once in one transaction, all or none, each with its audit row: for moving in. */
  enrolMany(
    enrolments: readonly { readonly subject: EnrolmentSubject; readonly images: readonly NewImage[] }[],
    actor: Actor,
  ): Promise<Written & { enrolled: readonly Enrolled[] }>
  /** @throws Refusal `person-not-found` */
  editPerson(
    classId: number,
    changes: PersonChanges,
    actor: Actor,
  ): Promise<Written & { person: Person; fieldsChanged: readonly string[] }>
  /**
   * Replaces an image's template and crop, its label, the fields of its person, or any of these, together.
   * @throws Refusal `image-not-found`, `person-not-found`, `already-enrolled` where the person has the photo already
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
  /**
   * Makes two enrolments of one person one: the images of `from` become images of `into`, and `from` ends. An image whose
   * photo `into` has already is removed.
   * @throws Refusal `person-not-found`
   */
  mergePeople(
    from: number,
    into: number,
    actor: Actor,
  ): Promise<Written & { person: Person; imageIdsMoved: readonly number[]; imagesRemoved: number }>
  /**
   * Makes images of one person those of a new one, with `classId` where the client chose one.
   * @throws Refusal `person-not-found`, `image-not-found` for an image that is not of `from`; `field-invalid` for a
   *   chosen `classId` that is taken
   */
  splitPerson(
    from: number,
    imageIds: readonly number[],
    subject: { readonly classId: number | null; readonly fields: PersonFields },
    actor: Actor,
  ): Promise<Written & { person: Person }>
  /** @throws Refusal `image-not-found` */
  removeImage(imageId: number, actor: Actor): Promise<Written & { classId: number }>
  /** @throws Refusal `person-not-found` */
  removePerson(classId: number, actor: Actor): Promise<Written & { imagesRemoved: number }>
  /**
   * Removes every image and, with `people`, every person; `backup` is named in the audit row.
   * @throws Refusal `overloaded` where something was changed after the revision `unchangedSince`; nothing is removed
   */
  reset(
    wish: { people: boolean; backup: string; unchangedSince?: number },
    actor: Actor,
  ): Promise<Written & { imagesRemoved: number; peopleRemoved: number }>
}

/** What the gallery is built from and kept in step by. */
export interface TemplateLog {
  /** The newest committed revision. */
  revision(): Promise<number>
  /**
   * Names the history that revisions count in. A restored backup starts another one: what was derived under a
   * different name (a snapshot) must be built anew.
   */
  history(): Promise<string>
  /**
   * All templates of a model by image id, in pages of at most so many. Pages are read one after another while writes go
   * on: whoever asked for `revision` first and applies `changesAfter` it afterwards ends with the true state.
   */
  templates(
    modelId: string,
    pageSizeMax: number,
  ): AsyncIterable<readonly { imageId: number; classId: number; template: Float32Array }[]>
  /**
   * Changes newer than `revision` in order, at most `limit`, with the templates as they are now.
   * @throws ChangesGone where the log does not reach from `revision` to now: load `templates` again
   */
  changesAfter(revision: number, modelId: string, limit: number): Promise<readonly GalleryChange[]>
  counts(modelId: string): Promise<{ images: number; people: number; templates: number; labels: number }>
  /** Forgets all but the newest `keep` changes; followers further behind load again. Answers how many went. */
  pruneChanges(keep: number): Promise<number>
}

export interface DatabaseStatus {
  readonly kind: 'sqlite' | 'mysql'
  /** Connections; null where there is but one. */
  readonly pool: {
    readonly max: number
    readonly busy: number
    /** Statements and transactions that wait for a connection. */
    readonly waiting: number
  } | null
}

export interface Records {
  readonly people: PeopleRecords
  readonly imports: ImportLookup
  readonly templates: TemplateLog
  readonly accounts: AccountRecords
  readonly audit: AuditRecords
  readonly encryption: EncryptionRecords
  /** Everything held about a person; null where there is no such person. */
  personalData(classId: number): Promise<PersonalData | null>
  status(): DatabaseStatus
  /** Whether the database answers now; the round trip in milliseconds. @throws Refusal `not-ready` */
  ping(): Promise<number>
  /** A restorable copy of everything, written whole or not at all; answers with its file name. */
  backup(onProgress?: BackupProgress): Promise<string>
  close(): Promise<void>
}

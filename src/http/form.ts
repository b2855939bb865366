import { Refusal } from '../domain/errors.ts'
import type { Field } from './wire/field.ts'

/** A file as it was sent. */
export interface Upload {
  readonly bytes: Uint8Array
  /** As the client called it: data, never a path. */
  readonly fileName: string
}

/** A photo's field: its accepted spellings, the documented one first. */
export interface FileField {
  readonly names: readonly [string, ...string[]]
  readonly description: string
}

/** The fields of a request, whatever encoding they came in. Fields that nobody asks for are ignored. */
export class Form {
  readonly #values: ReadonlyMap<string, readonly unknown[]>
  readonly #files: ReadonlyMap<string, readonly Upload[]>

  /** @param values in forms and query strings, fields left empty are not given and must not be in here */
  constructor(values: ReadonlyMap<string, readonly unknown[]>, files: ReadonlyMap<string, readonly Upload[]>) {
    this.#values = values
    this.#files = files
  }

  /** @throws Refusal `field-invalid`, also when the field is given more than once with different values */
  optional<T>(field: Field<T>): T | undefined {
    const given = field.names.flatMap((name) => (this.#values.get(name) ?? []).map((value) => ({ name, value })))
    const said = given.filter(({ value }) => value !== undefined && (value !== null || field.nullable))
    const [first, ...others] = said
    if (first === undefined) {
      const name = field.names.find((spelling) => this.#files.has(spelling))
      if (name !== undefined) throw new Refusal('field-invalid', { field: name, reason: 'not-text' })
      return undefined
    }
    if (others.some(({ value }) => value !== first.value))
      throw new Refusal('field-invalid', { field: first.name, reason: 'given-twice' })
    return field.read(first.value, first.name)
  }

  /** @throws Refusal `field-missing`, `field-invalid` */
  required<T>(field: Field<T>): T {
    const value = this.optional(field)
    if (value === undefined) throw new Refusal('field-missing', { field: field.names[0] })
    return value
  }

  /** None or more. @throws Refusal `file-invalid` where text stands in a file's place */
  photos(field: FileField): readonly Upload[] {
    const asText = field.names.find((name) => (this.#values.get(name) ?? []).length > 0)
    if (asText !== undefined) throw new Refusal('file-invalid', { field: asText, reason: 'not-a-file' })
    return field.names.flatMap((name) => this.#files.get(name) ?? [])
  }

  /** @throws Refusal `file-invalid` */
  optionalPhoto(field: FileField): Upload | undefined {
    const [photo, ...others] = this.photos(field)
    if (others.length > 0) throw new Refusal('file-invalid', { field: field.names[0], reason: 'one-file-only' })
    return photo
  }

  /** @throws Refusal `field-missing` with the names of the fields in which files did come, `file-invalid` */
  photo(field: FileField): Upload {
    const photo = this.optionalPhoto(field)
    if (photo === undefined) throw this.missing(field)
    return photo
  }

  missing(field: FileField): Refusal {
    const found = [...this.#files.keys()]
    return new Refusal('field-missing', { field: field.names[0], ...(found.length === 0 ? {} : { found }) })
  }
}

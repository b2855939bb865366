export type Gender = 'male' | 'female' | 'other'

/** What may be said of a person besides the name; null is "not known". */
export interface PersonFields {
  readonly name: string
  /** Years. */
  readonly age: number | null
  /** A known value, or the text an older system stored. */
  readonly gender: Gender | string | null
  readonly residence: string | null
}

export interface Person extends PersonFields {
  /** 1 to 2^31 - 1. */
  readonly classId: number
}

/** Fields that are present are changed; null clears one. */
export type PersonChanges = { readonly [K in keyof PersonFields]?: PersonFields[K] }

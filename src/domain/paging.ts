export interface Page {
  /** From 1. */
  readonly page: number
  readonly pageSize: number
}

export interface Paged<T> {
  readonly rows: readonly T[]
  readonly total: number
}

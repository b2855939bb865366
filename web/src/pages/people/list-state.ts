import { PERSON_ORDERS, type PersonOrder } from '../../api/people.ts'
import type { Params } from '../../routing/route.ts'

export const PAGE_SIZES = [15, 30, 60, 100] as const
const PAGE_SIZE_DEFAULT = 15
const ORDER_DEFAULT: PersonOrder = 'class_id_desc'

/** What the list shows: it stands in the address, so that reloading, sending and going back keep it. */
export interface ListState {
  readonly words: string
  readonly page: number
  readonly pageSize: number
  readonly order: PersonOrder
}

export function readListState(params: URLSearchParams): ListState {
  const page = Number(params.get('page') ?? 1)
  const size = Number(params.get('size') ?? PAGE_SIZE_DEFAULT)
  return {
    words: params.get('q') ?? '',
    page: Number.isInteger(page) && page >= 1 && page < 2 ** 31 ? page : 1,
    pageSize: PAGE_SIZES.find((known) => known === size) ?? PAGE_SIZE_DEFAULT,
    order: PERSON_ORDERS.find((known) => known === params.get('sort')) ?? ORDER_DEFAULT,
  }
}

/** What is as it is anyway is left out of the address. */
export function listParams({ words, page, pageSize, order }: ListState): Params {
  return {
    q: words,
    page: page === 1 ? undefined : page,
    size: pageSize === PAGE_SIZE_DEFAULT ? undefined : pageSize,
    sort: order === ORDER_DEFAULT ? undefined : order,
  }
}

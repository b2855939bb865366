import { PATHS } from '../../http/wire/paths.ts'
import { takeTurns, type Work } from './work.ts'

/** Letters that names of most languages hold. */
const SEARCHED = ['a', 'an', 'n', 'h', 'ng', 't', 'm', 'i'] as const
const PAGES = 5

/** Looks through the people and their images as somebody does at the pages: leafing, searching, sorting. */
export function browsing(): Work {
  const get = (operation: string, path: string) => ({ operation, method: 'GET' as const, path })
  const views = [
    (page: number) => get('people', `${PATHS.people}?page=${page}`),
    (page: number) => get('peopleSearch', `${PATHS.people}?query=${takeTurns(SEARCHED, page)}`),
    (page: number) => get('images', `${PATHS.images}?page=${page}&sort_by=updated_desc`),
    () => get('indexStatus', PATHS.indexStatus),
  ]
  return {
    async turn(send, number) {
      const round = Math.floor(number / views.length)
      await send(takeTurns(views, number)(1 + (round % PAGES)))
    },
  }
}

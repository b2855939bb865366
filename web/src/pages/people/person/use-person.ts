import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { person, photosOf } from '../../../api/people.ts'

export function usePerson(id: number) {
  return useQuery({ queryKey: ['person', id], queryFn: async () => await person(id) })
}

export function usePhotos(id: number) {
  return useQuery({ queryKey: ['person', id, 'photos'], queryFn: async () => await photosOf(id) })
}

/** Shows what a change has left, wherever people are shown. */
export function useRefreshPeople(): (gone?: number) => Promise<void> {
  const queries = useQueryClient()
  return async (gone) => await refreshPeople(queries, gone)
}

/** @param gone who is no more, and must not be asked for by a page that is just being left */
export async function refreshPeople(queries: QueryClient, gone?: number): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ['people'] }),
    queries.invalidateQueries({ queryKey: ['person'], predicate: ({ queryKey }) => queryKey[1] !== gone }),
  ])
  if (gone !== undefined) queries.removeQueries({ queryKey: ['person', gone], type: 'inactive' })
}

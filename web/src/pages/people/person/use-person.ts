import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { person, photosOf } from '../../../api/people.ts'

export function usePerson(id: number) {
  return useQuery({ queryKey: ['person', id], queryFn: async () => await person(id) })
}

export function usePhotos(id: number) {
  return useQuery({ queryKey: ['person', id, 'photos'], queryFn: async () => await photosOf(id) })
}

/** Shows what a change has left, wherever people are shown. */
export function useRefreshPeople(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => await refreshPeople(queries)
}

export async function refreshPeople(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ['people'] }),
    queries.invalidateQueries({ queryKey: ['person'] }),
  ])
}

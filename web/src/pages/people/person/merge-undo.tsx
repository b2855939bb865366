import { Alert, Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { type Merge, splitPerson } from '../../../api/people.ts'
import type { Person } from '../../../api/person.ts'
import { Problem } from '../../../components/problem.tsx'
import { useText } from '../../../language/language.tsx'
import { refreshPeople } from './use-person.ts'

/** A merge that can be undone as long as this tab remembers it. */
interface DoneMerge {
  readonly kept: Person
  readonly gone: Person
  readonly merge: Merge
}

const keyOf = (id: number) => ['merged-into', id] as const

/** Remembers a merge, to be offered for undoing on the page of the one who stayed. */
export function noteMerge(queries: QueryClient, kept: Person, gone: Person, merge: Merge): void {
  queries.setQueryData<DoneMerge>(keyOf(kept.id), { kept, gone, merge })
}

/** Says that somebody was just merged into this person, and undoes it. */
export function MergeUndo({ id }: { readonly id: number }) {
  const { people: text, app } = useText()
  const queries = useQueryClient()
  const { data: done } = useQuery<DoneMerge | null>({
    queryKey: keyOf(id),
    queryFn: () => null,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  })
  const forget = () => queries.setQueryData<DoneMerge | null>(keyOf(id), null)
  const undo = useMutation({
    mutationFn: async ({ kept, gone, merge }: DoneMerge) => {
      const { name, age, gender, residence } = gone
      return await splitPerson(kept.id, merge.imageIds, { name, age, gender, residence }, gone.id)
    },
    onSuccess: async ({ name }) => {
      forget()
      notifications.show({ message: text.undone(name), color: 'lotus' })
      await refreshPeople(queries)
    },
  })
  if (done === null || done === undefined) return null
  const { kept, gone, merge } = done
  return (
    <Alert variant="light" mb="md" role="status" withCloseButton closeButtonLabel={app.close} onClose={forget}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {text.merged(gone.name, kept.name)} {merge.dropped > 0 && text.mergeDropped(merge.dropped)}
        </Text>
        {merge.imageIds.length > 0 && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Undo2 size={14} aria-hidden />}
            loading={undo.isPending}
            onClick={() => undo.mutate(done)}
          >
            {text.undo}
          </Button>
        )}
      </Group>
      {undo.isError && <Problem error={undo.error} />}
    </Alert>
  )
}

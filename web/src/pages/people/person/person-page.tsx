import { Anchor, Button, Group } from '@mantine/core'
import { ChevronLeft, Trash2, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { ApiError } from '../../../api/api-error.ts'
import { Waiting } from '../../../app/waiting.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { PageHead } from '../../../components/page-head.tsx'
import { Problem } from '../../../components/problem.tsx'
import { useText } from '../../../language/language.tsx'
import { hrefOf, useRoute } from '../../../routing/route.ts'
import { useSession } from '../../../session/session.tsx'
import { listParams, readListState } from '../list-state.ts'
import { MergeDialog } from './merge-dialog.tsx'
import { MergeUndo } from './merge-undo.tsx'
import { PersonFacts } from './person-facts.tsx'
import classes from './person-page.module.css'
import { PersonPhotos } from './person-photos.tsx'
import { RemovePersonDialog } from './remove-person-dialog.tsx'
import { usePerson, usePhotos } from './use-person.ts'

/** One person: what is known of them and every photo, to be put right in place. */
export function PersonPage({ id }: { readonly id: number }) {
  const { people: text, person: words } = useText()
  const mayEdit = useSession()?.may('editor') === true
  const { params } = useRoute()
  const [dialog, setDialog] = useState<'merge' | 'remove' | null>(null)
  const { data: person, error, refetch } = usePerson(id)
  const photos = usePhotos(id)
  const listHref = hrefOf(['people'], listParams(readListState(params)))
  const back = (
    <Anchor href={listHref} size="sm" className={classes.back}>
      <ChevronLeft size={16} aria-hidden />
      {text.back}
    </Anchor>
  )
  if (error instanceof ApiError && error.code === 'person-not-found')
    return <EmptyState icon={UsersRound} title={text.notFound} hint={text.notFoundHint} action={back} />
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />
  if (person === undefined) return <Waiting />
  return (
    <>
      {back}
      <PageHead title={person.name} hint={`${words.id} ${id}`}>
        {mayEdit && (
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<UsersRound size={16} aria-hidden />}
              onClick={() => setDialog('merge')}
            >
              {text.merge}
            </Button>
            <Button
              variant="default"
              color="red"
              className={classes.remove ?? ''}
              leftSection={<Trash2 size={16} aria-hidden />}
              onClick={() => setDialog('remove')}
            >
              {text.remove}
            </Button>
          </Group>
        )}
      </PageHead>
      <MergeUndo id={id} />
      <div className={classes.columns}>
        <PersonFacts person={person} mayEdit={mayEdit} />
        <PersonPhotos person={person} photos={photos} mayEdit={mayEdit} />
      </div>
      {dialog === 'merge' && (
        <MergeDialog
          person={{ ...person, photos: photos.data?.length ?? 0, imageId: photos.data?.[0]?.id ?? null }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'remove' && (
        <RemovePersonDialog
          person={person}
          photos={photos.data?.length ?? 0}
          listHref={listHref}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  )
}

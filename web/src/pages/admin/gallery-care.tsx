import { Button, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { galleryState, rebuildGallery, snapshotGallery, verifyGallery } from '../../api/administration.ts'
import { Waiting } from '../../app/waiting.tsx'
import { Problem } from '../../components/problem.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import { Facts } from './facts.tsx'
import classes from './panel.module.css'

const REFRESH_MS = 5_000

/** How the gallery is, and what can be done about it while it serves. */
export default function GalleryCare() {
  const { admin } = useText()
  const text = admin.gallery
  const format = useFormat()
  const { data, error, refetch } = useQuery({
    queryKey: ['gallery'],
    queryFn: galleryState,
    refetchInterval: REFRESH_MS,
  })
  if (error !== null && data === undefined) return <Problem error={error} retry={() => void refetch()} />
  if (data === undefined) return <Waiting />
  const state = data.pending > 0 ? 'behind' : data.healthy ? 'healthy' : 'unhealthy'
  const says = {
    healthy: text.inStep,
    behind: text.behind(format.number(data.pending)),
    unhealthy: text.unhealthy,
  }[state]
  const whatVerified = ({ compared, different }: { compared: number; different: number }) =>
    different === 0
      ? text.verified(format.number(compared))
      : text.different(format.number(different), format.number(compared))
  const refresh = () => void refetch()
  return (
    <Stack gap="md">
      <section className={classes.panel} aria-label={admin.section.gallery}>
        <Text className={classes.health ?? ''} data-state={state} role="status">
          {says}
        </Text>
        <Text size="sm" c="dimmed" mb="sm">
          {text.about}
        </Text>
        <Facts
          facts={[
            [text.templates, format.number(data.templates)],
            [text.people, format.number(data.people)],
            [text.memory, format.bytes(data.memoryBytes)],
            [text.snapshotSize, data.snapshotBytes === 0 ? text.none : format.bytes(data.snapshotBytes)],
            [text.engine, data.engine],
            [text.revision, format.number(data.revision)],
          ]}
        />
      </section>
      <div className={classes.steps}>
        <Step name={text.verify} hint={text.verifyHint} run={verifyGallery} says={whatVerified} onDone={refresh} />
        <Step
          name={text.rebuild}
          hint={text.rebuildHint}
          run={rebuildGallery}
          says={(corrected) => text.rebuilt(format.number(corrected))}
          onDone={refresh}
        />
        <Step
          name={text.snapshot}
          hint={text.snapshotHint}
          run={snapshotGallery}
          says={(bytes) => (bytes === null ? text.snapshotNone : text.snapshotDone(format.bytes(bytes)))}
          onDone={refresh}
        />
      </div>
    </Stack>
  )
}

interface StepProps<T> {
  readonly name: string
  readonly hint: string
  readonly run: () => Promise<T>
  readonly says: (result: T) => string
  readonly onDone: () => void
}

/** One thing that can be done, with what came of it. */
function Step<T>({ name, hint, run, says, onDone }: StepProps<T>) {
  const work = useMutation({ mutationFn: run, onSettled: onDone })
  return (
    <section className={classes.step} aria-label={name}>
      <Button variant="default" loading={work.isPending} onClick={() => work.mutate()}>
        {name}
      </Button>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
      {work.isSuccess && (
        <Text size="sm" fw={500} role="status">
          {says(work.data)}
        </Text>
      )}
      {work.isError && <Problem error={work.error} />}
    </section>
  )
}

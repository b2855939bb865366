import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import { ArrowLeft } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Identification } from '../../api/recognition.ts'
import { Problem } from '../../components/problem.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import { useObjectUrl } from '../../photos/use-object-url.ts'
import { FacePanel } from './face-panel.tsx'
import classes from './photo-result.module.css'
import { PhotoStage } from './photo-stage.tsx'
import type { QueuedPhoto } from './use-photo-queue.ts'

interface Props {
  readonly queued: QueuedPhoto
  readonly onAgain: () => void
  /** Back to the list, where there is one. */
  readonly onList?: () => void
}

/** One photo: its faces on the left, the one that is chosen on the right. */
export function PhotoResult({ queued, onAgain, onList }: Props) {
  const { recognise: text } = useText()
  const { name, photo, state, identification, error } = queued
  const url = useObjectUrl(photo)
  const [chosen, setChosen] = useState<number | null>(null)
  const faces = identification?.faces ?? []
  const selected = chosen ?? largestFace(identification)
  const face = selected === null ? undefined : faces[selected]
  return (
    <section className={classes.result} aria-label={text.photoOf(name)}>
      <div className={classes.left}>
        <PhotoStage url={url} name={name} faces={faces} selected={selected} onSelect={setChosen}>
          {(state === 'waiting' || state === 'sending') && <Working />}
        </PhotoStage>
        <Caption queued={queued} {...(onList === undefined ? {} : { onList })} />
      </div>
      <div className={classes.right}>
        {state === 'failed' && <Problem error={error} retry={onAgain} />}
        {face !== undefined && identification !== null && (
          <FacePanel
            key={selected}
            photo={photo}
            photoId={queued.id}
            face={face}
            onlyFace={faces.length === 1}
            threshold={identification.threshold}
            onEnrolled={onAgain}
          />
        )}
      </div>
    </section>
  )
}

function Working() {
  const { recognise: text } = useText()
  return (
    <div className={classes.working} role="status">
      <Loader size="xs" color="white" />
      {text.recognising}
    </div>
  )
}

function Caption({ queued: { name, identification }, onList }: Pick<Props, 'queued' | 'onList'>) {
  const { recognise: text } = useText()
  const format = useFormat()
  const summary = useMemo(() => {
    if (identification === null) return null
    const { faces, milliseconds } = identification
    const known = faces.filter(({ match }) => match !== null).length
    return `${text.facesKnown(known, faces.length)} ${text.took(format.milliseconds(milliseconds))}`
  }, [identification, text, format])
  return (
    <Group justify="space-between" gap="xs" mt="xs">
      <Stack gap={0}>
        <Text size="sm" role="status">
          {summary}
        </Text>
        <Text size="xs" c="dimmed">
          {name}
        </Text>
      </Stack>
      {onList !== undefined && (
        <Button variant="subtle" size="xs" leftSection={<ArrowLeft size={14} aria-hidden />} onClick={onList}>
          {text.backToList}
        </Button>
      )}
    </Group>
  )
}

function largestFace(identification: Identification | null): number | null {
  let best: { index: number; area: number } | null = null
  for (const [index, { box }] of (identification?.faces ?? []).entries()) {
    const area = box.width * box.height
    if (best === null || area > best.area) best = { index, area }
  }
  return best?.index ?? null
}

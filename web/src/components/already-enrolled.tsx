import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import type { EnrolledElsewhere } from '../api/enrolment.ts'
import { useText } from '../language/language.tsx'
import { useObjectUrl } from '../photos/use-object-url.ts'
import classes from './already-enrolled.module.css'
import { StoredFace } from './stored-face.tsx'

const FACE_PX = 84

interface Props {
  readonly known: EnrolledElsewhere
  /** The one that was to be enrolled. */
  readonly photo: Blob
  readonly busy: boolean
  /** It is the same person: add the photo to them. */
  readonly onSame: () => void
  /** It is somebody else all the same. */
  readonly onOther: () => void
  /** What that does, where it does not make somebody new. */
  readonly other?: string
}

/** The face is known already: both pictures side by side, and the choice. */
export function AlreadyEnrolled({ known: { person, imageId }, photo, busy, onSame, onOther, other }: Props) {
  const { alreadyEnrolled: text } = useText()
  const url = useObjectUrl(photo)
  return (
    <Alert color="orange" variant="light" className={classes.alert} title={text.title(person.name)} role="alert">
      <Stack gap="sm">
        <Group gap="md" align="flex-start">
          <figure className={classes.figure}>
            {url !== null && (
              <img className={classes.photo} style={{ width: FACE_PX, height: FACE_PX }} src={url} alt="" />
            )}
            <figcaption>{text.yourPhoto}</figcaption>
          </figure>
          <figure className={classes.figure}>
            <StoredFace imageId={imageId} name={person.name} size={FACE_PX} />
            <figcaption>{person.name}</figcaption>
          </figure>
        </Group>
        <Text size="sm">{text.question}</Text>
        <Group gap="xs">
          <Button size="xs" className={classes.choice ?? ''} loading={busy} onClick={onSame}>
            {text.same(person.name)}
          </Button>
          <Button size="xs" className={classes.choice ?? ''} variant="default" disabled={busy} onClick={onOther}>
            {other ?? text.other}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

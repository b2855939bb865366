import { Button, Group, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { enrol, enrolledElsewhere } from '../../api/enrolment.ts'
import { GENDERS, type Gender } from '../../api/person.ts'
import { AlreadyEnrolled } from '../../components/already-enrolled.tsx'
import { Problem } from '../../components/problem.tsx'
import { useText } from '../../language/language.tsx'
import { useObjectUrl } from '../../photos/use-object-url.ts'
import { useOfferedDraft } from '../../session/use-draft.ts'
import classes from './enrol-face-dialog.module.css'
import { ENROL_FACE_DRAFT, type Entered } from './enrol-face-draft.ts'

const AGE_MAX = 150
const TEXT_MAX = 100

interface Props {
  readonly photo: Blob
  /** What was entered before the session ended. */
  readonly entered?: Entered
  readonly onClose: () => void
  readonly onEnrolled: () => void
}

/** Enrols a face that was just seen: a name is enough. */
export default function EnrolFaceDialog({ photo, entered, onClose, onEnrolled }: Props) {
  const { recognise: text, person: words, app } = useText()
  const url = useObjectUrl(photo)
  const [name, setName] = useState(entered?.name ?? '')
  const [age, setAge] = useState<number | null>(entered?.age ?? null)
  const [gender, setGender] = useState<Gender | null>(entered?.gender ?? null)
  const [residence, setResidence] = useState(entered?.residence ?? '')
  useOfferedDraft(ENROL_FACE_DRAFT, () => ({ photo, name, age, gender, residence }))
  const fields = { name: name.trim(), age, gender, residence: residence.trim() || null }
  const enrolment = useMutation({
    mutationFn: async (how: { readonly force?: boolean; readonly personId?: number }) =>
      await enrol([photo], { ...how, fields: how.personId === undefined ? fields : {} }),
    onSuccess: ({ person }) => {
      notifications.show({ message: text.addedAs(person.name), color: 'lotus' })
      onClose()
      onEnrolled()
    },
  })
  const known = enrolledElsewhere(enrolment.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    enrolment.mutate({})
  }
  return (
    <Modal opened onClose={onClose} title={text.enrolFace} closeButtonProps={{ 'aria-label': app.close }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group wrap="nowrap" align="flex-start" gap="md">
            {url !== null && <img className={classes.face} src={url} alt={text.enrolFace} />}
            <TextInput
              className={classes.name}
              label={words.name}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={TEXT_MAX}
              autoComplete="off"
              data-autofocus
              required
            />
          </Group>
          <Group grow>
            <NumberInput
              label={words.age}
              value={age ?? ''}
              onChange={(value) => setAge(typeof value === 'number' ? value : null)}
              min={0}
              max={AGE_MAX}
              allowDecimal={false}
              hideControls
            />
            <Select
              label={words.gender}
              value={gender}
              onChange={(value) => setGender(GENDERS.find((one) => one === value) ?? null)}
              data={GENDERS.map((value) => ({ value, label: words.genders[value] }))}
              clearable
            />
          </Group>
          <TextInput
            label={words.residence}
            value={residence}
            onChange={(event) => setResidence(event.currentTarget.value)}
            maxLength={TEXT_MAX}
            autoComplete="off"
          />
          {known !== null ? (
            <AlreadyEnrolled
              known={known}
              photo={photo}
              busy={enrolment.isPending}
              onSame={() => enrolment.mutate({ personId: known.person.id })}
              onOther={() => enrolment.mutate({ force: true })}
            />
          ) : (
            enrolment.isError && <Problem error={enrolment.error} />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {app.cancel}
            </Button>
            {known === null && (
              <Button type="submit" loading={enrolment.isPending}>
                {app.save}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

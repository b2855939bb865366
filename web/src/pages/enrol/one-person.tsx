import { Button, Progress, Stack, Text, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { AlreadyEnrolled } from '../../components/already-enrolled.tsx'
import { Problem } from '../../components/problem.tsx'
import { useText } from '../../language/language.tsx'
import { PhotoInput } from '../../photos/photo-input.tsx'
import { useDraft } from '../../session/use-draft.ts'
import { Enrolled } from './enrolled.tsx'
import { GoodPhotos } from './good-photos.tsx'
import classes from './one-person.module.css'
import { fieldsOf, NOTHING_TYPED, PersonFieldsForm } from './person-fields.tsx'
import { PhotoCard } from './photo-card.tsx'
import { draftOf, readDraft } from './typed-draft.ts'
import { useEnrolment } from './use-enrolment.ts'
import { isUsable, usePhotoChecks } from './use-photo-checks.ts'

/** Enrols one person with photos that are looked at before any is stored. */
export function OnePerson() {
  const { enrol: text } = useText()
  const [typed, setTyped] = useState(NOTHING_TYPED)
  const [tried, setTried] = useState(false)
  const checks = usePhotoChecks()
  const run = useEnrolment()
  const { photos } = checks
  const usable = photos.filter(isUsable)
  const checking = photos.some(({ state }) => state === 'waiting' || state === 'checking')
  const nameMissing = typed.name.trim() === ''

  useDraft(
    'enrol',
    () => draftOf(typed, photos),
    (kept) => {
      const draft = readDraft(kept)
      if (draft === null) return
      setTyped(draft.typed)
      checks.add(draft.files)
    },
  )

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (nameMissing || usable.length === 0 || run.busy) return
    void run.start(usable, { fields: fieldsOf(typed), personId: null, force: false })
  }
  const another = () => {
    run.forget()
    checks.clear()
    setTyped(NOTHING_TYPED)
    setTried(false)
  }
  const { conflict } = run
  if (run.person !== null) return <Enrolled person={run.person} photos={usable} run={run} onAnother={another} />
  const done = [...run.outcomes.values()].filter((outcome) => outcome !== 'sending').length
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <section className={classes.who} aria-labelledby="enrol-who">
        <Title order={2} size="h5" id="enrol-who">
          {text.about}
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          {text.aboutHint}
        </Text>
        <PersonFieldsForm typed={typed} onType={setTyped} nameError={tried && nameMissing ? text.needName : null} />
      </section>
      <section className={classes.photos} aria-labelledby="enrol-photos">
        <Title order={2} size="h5" id="enrol-photos">
          {text.photos}
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          {text.photosHint}
        </Text>
        <PhotoInput
          title={photos.length === 0 ? text.drop : text.dropMore}
          hint={photos.length === 0 ? text.dropHint : text.dropMoreHint}
          button={text.choose}
          several
          everywhere
          compact={photos.length > 0}
          onPhotos={checks.add}
        />
        {photos.length === 0 && <GoodPhotos />}
        {photos.length > 0 && (
          <ul className={classes.cards}>
            {photos.map((photo, index) => (
              <PhotoCard
                key={photo.id}
                photo={photo}
                number={index + 1}
                outcome={run.outcomes.get(photo.id) ?? null}
                onFace={(face) => checks.chooseFace(photo.id, face)}
                {...(run.busy ? {} : { onRemove: () => checks.remove(photo.id) })}
              />
            ))}
          </ul>
        )}
        <Stack gap="sm" mt="md">
          {tried && usable.length === 0 && !checking && (
            <Text size="sm" c="var(--bad)" role="alert">
              {text.needPhoto}
            </Text>
          )}
          {run.busy && (
            <div role="status">
              <Text size="sm" mb={4}>
                {text.sending(done, usable.length)}
              </Text>
              <Progress value={(100 * done) / usable.length} size="sm" aria-label={text.sending(done, usable.length)} />
            </div>
          )}
          {run.error !== null && <Problem error={run.error} />}
          {conflict !== null ? (
            <AlreadyEnrolled
              known={conflict.known}
              photo={conflict.photo}
              busy={run.busy}
              onSame={() => void run.start(usable, { fields: {}, personId: conflict.known.person.id, force: false })}
              onOther={() => void run.start(usable, { fields: fieldsOf(typed), personId: null, force: true })}
            />
          ) : (
            done > 0 && !run.busy && run.error === null && <Text c="var(--bad)">{text.nothingAdded}</Text>
          )}
          {conflict === null && (
            <Button type="submit" size="md" className={classes.submit ?? ''} loading={run.busy || (tried && checking)}>
              {text.submit(usable.length)}
            </Button>
          )}
        </Stack>
      </section>
    </form>
  )
}

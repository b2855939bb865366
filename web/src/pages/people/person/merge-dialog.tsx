import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { type ListedPerson, mergePeople } from '../../../api/people.ts'
import { PersonPicker } from '../../../components/person-picker.tsx'
import { Problem } from '../../../components/problem.tsx'
import { StoredFace } from '../../../components/stored-face.tsx'
import { useText } from '../../../language/language.tsx'
import { hrefOf, navigate } from '../../../routing/route.ts'
import classes from './merge-dialog.module.css'
import { noteMerge } from './merge-undo.tsx'
import { refreshPeople } from './use-person.ts'

const FACE_PX = 72

interface Props {
  readonly person: ListedPerson
  readonly onClose: () => void
}

/** Makes two people one, shown side by side before it is done. */
export function MergeDialog({ person, onClose }: Props) {
  const { people: text, app } = useText()
  const queries = useQueryClient()
  const [other, setOther] = useState<ListedPerson | null>(null)
  const [keptId, setKeptId] = useState(person.id)
  const merge = useMutation({
    mutationFn: async ({ gone, kept }: { readonly gone: ListedPerson; readonly kept: ListedPerson }) =>
      await mergePeople(gone.id, kept.id),
    onSuccess: async (merged, { gone, kept }) => {
      noteMerge(queries, kept, gone, merged)
      onClose()
      navigate(hrefOf(['people', kept.id]), 'replace')
      await refreshPeople(queries, gone.id)
    },
  })
  const pair = other === null ? [] : [person, other]
  const kept = pair.find(({ id }) => id === keptId)
  const gone = pair.find(({ id }) => id !== keptId)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (gone !== undefined && kept !== undefined) merge.mutate({ gone, kept })
  }
  return (
    <Modal opened onClose={onClose} title={text.mergeTitle} closeButtonProps={{ 'aria-label': app.close }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {text.mergeHint}
          </Text>
          <PersonPicker label={text.mergeWith} except={person.id} onPick={setOther} />
          {kept !== undefined && gone !== undefined && (
            <>
              <Radio.Group label={text.mergeKeep} value={String(keptId)} onChange={(value) => setKeptId(Number(value))}>
                <div className={classes.pair}>
                  {pair.map((one) => (
                    <Side key={one.id} person={one} stays={one.id === keptId} />
                  ))}
                </div>
              </Radio.Group>
              <Text size="sm">
                {text.mergeResult(kept.name, kept.photos + gone.photos)} {gone.photos > 0 && text.mergeUndoable}
              </Text>
            </>
          )}
          {merge.isError && <Problem error={merge.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {app.cancel}
            </Button>
            <Button type="submit" disabled={other === null} loading={merge.isPending}>
              {text.mergeDo}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Side({ person, stays }: { readonly person: ListedPerson; readonly stays: boolean }) {
  const { people: text, person: words } = useText()
  const radio = useId()
  const { id, name, age, residence, photos, imageId } = person
  const about = [age === null ? null : text.age(age), residence, text.photos(photos)].filter((part) => part !== null)
  return (
    <label className={classes.side} htmlFor={radio} data-stays={stays || undefined}>
      <span aria-hidden>
        <StoredFace imageId={imageId} name={name} size={FACE_PX} />
      </span>
      <Radio id={radio} value={String(id)} label={`${name} (${words.id} ${id})`} size="sm" />
      <span className={classes.about}>{about.join(' · ')}</span>
      <span className={classes.fate}>{stays ? text.mergeStays : text.mergeGoes}</span>
    </label>
  )
}

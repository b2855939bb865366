import { NumberInput, Select, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { editPerson } from '../../../api/people.ts'
import { GENDERS, type Person, type PersonFields } from '../../../api/person.ts'
import { useFormat, useText } from '../../../language/language.tsx'
import { EditableFact } from './editable-fact.tsx'
import classes from './person-facts.module.css'
import { useRefreshPeople } from './use-person.ts'

const AGE_MAX = 150
const TEXT_MAX = 100

/** What is known of a person, each fact edited where it stands. */
export function PersonFacts({ person, mayEdit }: { readonly person: Person; readonly mayEdit: boolean }) {
  const { people: text, person: words } = useText()
  const format = useFormat()
  const refresh = useRefreshPeople()
  const edit = useMutation({
    mutationFn: async (fields: PersonFields) => await editPerson(person.id, fields),
    onSuccess: async () => await refresh(),
  })
  const save = async (fields: PersonFields) => {
    await edit.mutateAsync(fields)
  }
  return (
    <section className={classes.facts} aria-labelledby="about-person">
      <Title order={2} size="h5" id="about-person">
        {text.about}
      </Title>
      <dl className={classes.list}>
        <EditableFact
          label={words.name}
          shown={person.name}
          value={person.name}
          mayEdit={mayEdit}
          onSave={async (name) => await save({ name: name.trim() })}
          input={(value, change, props) => (
            <TextInput
              {...props}
              value={value}
              onChange={(event) => change(event.currentTarget.value)}
              maxLength={TEXT_MAX}
              required
            />
          )}
        />
        <EditableFact
          label={words.age}
          shown={person.age === null ? null : format.number(person.age)}
          value={person.age}
          mayEdit={mayEdit}
          onSave={async (age) => await save({ age })}
          input={(value, change, props) => (
            <NumberInput
              {...props}
              value={value ?? ''}
              onChange={(age) => change(typeof age === 'number' ? age : null)}
              min={0}
              max={AGE_MAX}
              allowDecimal={false}
              hideControls
            />
          )}
        />
        <EditableFact
          label={words.gender}
          shown={person.gender === null ? null : words.genders[person.gender]}
          value={person.gender}
          mayEdit={mayEdit}
          onSave={async (gender) => await save({ gender })}
          input={(value, change, props) => (
            <Select
              {...props}
              value={value}
              onChange={(gender) => change(GENDERS.find((one) => one === gender) ?? null)}
              data={GENDERS.map((one) => ({ value: one, label: words.genders[one] }))}
              clearable
            />
          )}
        />
        <EditableFact
          label={words.residence}
          shown={person.residence}
          value={person.residence ?? ''}
          mayEdit={mayEdit}
          onSave={async (residence) => await save({ residence: residence.trim() || null })}
          input={(value, change, props) => (
            <TextInput
              {...props}
              value={value}
              onChange={(event) => change(event.currentTarget.value)}
              maxLength={TEXT_MAX}
            />
          )}
        />
      </dl>
    </section>
  )
}

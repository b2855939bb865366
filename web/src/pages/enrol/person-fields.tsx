import { Group, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import { GENDERS, type Gender, type PersonFields } from '../../api/person.ts'
import { useText } from '../../language/language.tsx'

const AGE_MAX = 150
const TEXT_MAX = 100

/** What is typed of a person, before it is checked. */
export interface TypedPerson {
  readonly name: string
  readonly age: number | null
  readonly gender: Gender | null
  readonly residence: string
}

export const NOTHING_TYPED: TypedPerson = { name: '', age: null, gender: null, residence: '' }

export function fieldsOf({ name, age, gender, residence }: TypedPerson): PersonFields {
  return { name: name.trim(), age, gender, residence: residence.trim() || null }
}

interface Props {
  readonly typed: TypedPerson
  readonly onType: (typed: TypedPerson) => void
  /** What is missing of the name. */
  readonly nameError: string | null
}

export function PersonFieldsForm({ typed, onType, nameError }: Props) {
  const { person: words } = useText()
  return (
    <Stack gap="sm">
      <TextInput
        label={words.name}
        value={typed.name}
        onChange={(event) => onType({ ...typed, name: event.currentTarget.value })}
        error={nameError}
        maxLength={TEXT_MAX}
        autoComplete="off"
        required
      />
      <Group grow align="flex-start">
        <NumberInput
          label={words.age}
          value={typed.age ?? ''}
          onChange={(value) => onType({ ...typed, age: typeof value === 'number' ? value : null })}
          min={0}
          max={AGE_MAX}
          allowDecimal={false}
          hideControls
        />
        <Select
          label={words.gender}
          value={typed.gender}
          onChange={(value) => onType({ ...typed, gender: GENDERS.find((one) => one === value) ?? null })}
          data={GENDERS.map((value) => ({ value, label: words.genders[value] }))}
          clearable
        />
      </Group>
      <TextInput
        label={words.residence}
        value={typed.residence}
        onChange={(event) => onType({ ...typed, residence: event.currentTarget.value })}
        maxLength={TEXT_MAX}
        autoComplete="off"
      />
    </Stack>
  )
}

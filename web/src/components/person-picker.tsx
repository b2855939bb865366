import { Combobox, Group, Loader, ScrollArea, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { type ListedPerson, listPeople } from '../api/people.ts'
import { useText } from '../language/language.tsx'
import { StoredFace } from './stored-face.tsx'

const SHOWN_MAX = 8
const PAUSE_MS = 180
const FACE_PX = 32
const HEIGHT_PX = 280

interface Props {
  readonly label: string
  /** Not offered. */
  readonly except: number
  readonly onPick: (person: ListedPerson) => void
}

/** Finds one person among all, as one types. */
export function PersonPicker({ label, except, onPick }: Props) {
  const { people: text, person: words } = useText()
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [typed, setTyped] = useState('')
  const [sought] = useDebouncedValue(typed.trim(), PAUSE_MS)
  const { data, isFetching } = useQuery({
    queryKey: ['people', 'pick', sought],
    queryFn: async ({ signal }) =>
      await listPeople({ words: sought, page: 1, pageSize: SHOWN_MAX + 1, order: 'name_asc' }, signal),
    placeholderData: keepPreviousData,
  })
  const people = (data?.people ?? []).filter(({ id }) => id !== except).slice(0, SHOWN_MAX)
  const pick = (value: string) => {
    const person = people.find(({ id }) => String(id) === value)
    if (person === undefined) return
    combobox.closeDropdown()
    setTyped(person.name)
    onPick(person)
  }
  return (
    <Combobox store={combobox} onOptionSubmit={pick}>
      <Combobox.Target>
        <TextInput
          label={label}
          placeholder={text.pickHint}
          leftSection={<Search size={16} aria-hidden />}
          rightSection={isFetching ? <Loader size={14} /> : null}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            combobox.openDropdown()
            combobox.selectFirstOption()
          }}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          autoComplete="off"
          data-autofocus
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={text.pick}>
          <ScrollArea.Autosize mah={HEIGHT_PX} type="scroll">
            {people.length === 0 && !isFetching && <Combobox.Empty>{text.pickNothing}</Combobox.Empty>}
            {people.map((person) => (
              <Combobox.Option key={person.id} value={String(person.id)}>
                <Group gap="sm" wrap="nowrap">
                  <span aria-hidden>
                    <StoredFace imageId={person.imageId} name={person.name} size={FACE_PX} />
                  </span>
                  <div>
                    <Text size="sm">{person.name}</Text>
                    <Text size="xs" c="dimmed">
                      {[`${words.id} ${person.id}`, person.residence, text.photos(person.photos)]
                        .filter((part) => part !== null)
                        .join(' · ')}
                    </Text>
                  </div>
                </Group>
              </Combobox.Option>
            ))}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

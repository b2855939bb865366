import { Button, Text, Title } from '@mantine/core'
import { FolderOpen } from 'lucide-react'
import { useRef, useState } from 'react'
import { useText } from '../../../language/language.tsx'
import classes from './folder-input.module.css'
import { type FolderPerson, groupFiles } from './group-files.ts'

/** Takes a folder and says who is in it. */
export function FolderInput({ onPeople }: { readonly onPeople: (people: readonly FolderPerson[]) => void }) {
  const {
    enrol: { folder: text },
  } = useText()
  const input = useRef<HTMLInputElement>(null)
  const [nothing, setNothing] = useState(false)
  const take = (files: FileList | null) => {
    const people = groupFiles([...(files ?? [])])
    setNothing(people.length === 0)
    if (people.length > 0) onPeople(people)
  }
  return (
    <div className={classes.place}>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        // Not an attribute that React knows by name.
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          take(event.currentTarget.files)
          event.currentTarget.value = ''
        }}
      />
      <div className={classes.about}>
        <Title order={2} size="h4">
          {text.title}
        </Title>
        <Text c="dimmed" mt={4} mb="md">
          {text.hint}
        </Text>
        <Button leftSection={<FolderOpen size={16} aria-hidden />} onClick={() => input.current?.click()}>
          {text.choose}
        </Button>
        {nothing && (
          <Text c="var(--bad)" size="sm" mt="sm" role="alert">
            {text.nothing}
          </Text>
        )}
      </div>
      <figure className={classes.example}>
        <figcaption>{text.example}</figcaption>
        <pre>{text.exampleFolder}</pre>
      </figure>
    </div>
  )
}

import { Text, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Match } from '../../api/recognition.ts'
import { StoredFace } from '../../components/stored-face.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import { hrefOf } from '../../routing/route.ts'
import classes from './recent-people.module.css'
import type { Sight } from './use-watch.ts'

const SHOWN_MAX = 8
const FACE_PX = 40

interface Seen {
  readonly match: Match
  readonly at: number
}

/** Who was in front of the camera lately, each once, the last one first. */
export function RecentPeople({ sight }: { readonly sight: Sight | null }) {
  const { camera: text } = useText()
  const format = useFormat()
  const [seen, setSeen] = useState<readonly Seen[]>([])
  useEffect(() => {
    if (sight === null) return
    const now = sight.faces.flatMap(({ match }) => (match === null ? [] : [{ match, at: sight.at }]))
    if (now.length === 0) return
    const again = new Set(now.map(({ match }) => match.person.id))
    setSeen((before) => [...now, ...before.filter(({ match }) => !again.has(match.person.id))].slice(0, SHOWN_MAX))
  }, [sight])
  return (
    <section>
      <Title order={2} size="h6" mb={4}>
        {text.recent}
      </Title>
      {seen.length === 0 && (
        <Text size="sm" c="dimmed">
          {text.recentEmpty}
        </Text>
      )}
      <ul className={classes.list}>
        {seen.map(({ match: { person, imageId }, at }) => (
          <li key={person.id} className={classes.row}>
            <StoredFace imageId={imageId} name={person.name} size={FACE_PX} />
            <a className={classes.name} href={hrefOf(['people', person.id])}>
              {person.name}
            </a>
            <time className={classes.time}>{format.time(new Date(at))}</time>
          </li>
        ))}
      </ul>
    </section>
  )
}

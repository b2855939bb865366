import { EmptyState } from '../../components/empty-state.tsx'
import { useText } from '../../language/language.tsx'
import { hrefOf, useRoute } from '../../routing/route.ts'
import { PeopleList } from './people-list.tsx'
import { PersonPage } from './person/person-page.tsx'

const ID = /^[1-9]\d{0,9}$/

/** Everybody who is enrolled, or one of them. */
export default function PeoplePage() {
  const { people: text } = useText()
  const { path } = useRoute()
  const id = path[1]
  if (id === undefined) return <PeopleList />
  if (ID.test(id)) return <PersonPage key={id} id={Number(id)} />
  return (
    <EmptyState title={text.notFound} hint={text.notFoundHint} action={<a href={hrefOf(['people'])}>{text.back}</a>} />
  )
}

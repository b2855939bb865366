import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'

export default function PeoplePage() {
  const text = useText()
  return <PageHead title={text.tabs.people} hint={text.people.hint} />
}

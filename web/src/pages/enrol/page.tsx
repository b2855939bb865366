import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'

export default function EnrolPage() {
  const text = useText()
  return <PageHead title={text.tabs.enrol} hint={text.enrol.hint} />
}

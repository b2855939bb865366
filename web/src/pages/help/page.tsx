import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'

export default function HelpPage() {
  const text = useText()
  return <PageHead title={text.tabs.help} hint={text.help.hint} />
}

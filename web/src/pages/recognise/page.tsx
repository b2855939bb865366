import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'

export default function RecognisePage() {
  const text = useText()
  return <PageHead title={text.tabs.recognise} hint={text.recognise.hint} />
}

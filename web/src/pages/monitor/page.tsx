import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'

export default function MonitorPage() {
  const text = useText()
  return <PageHead title={text.tabs.monitor} hint={text.monitor.hint} />
}

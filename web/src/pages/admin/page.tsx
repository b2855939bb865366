import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'

export default function AdminPage() {
  const text = useText()
  return <PageHead title={text.tabs.admin} hint={text.admin.hint} />
}

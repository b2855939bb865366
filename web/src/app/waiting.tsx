import { Center, Loader } from '@mantine/core'
import { useText } from '../language/language.tsx'

export function Waiting() {
  const text = useText()
  return (
    <Center mih={240} role="status" aria-label={text.app.loading}>
      <Loader type="dots" />
    </Center>
  )
}

import { Text } from '@mantine/core'
import { Check } from 'lucide-react'
import { useText } from '../../language/language.tsx'
import classes from './good-photos.module.css'

/** What a photo should be like, for whoever has not chosen one yet. */
export function GoodPhotos() {
  const { enrol: text } = useText()
  return (
    <div className={classes.advice}>
      <Text size="sm" fw={500}>
        {text.goodTitle}
      </Text>
      <ul className={classes.list}>
        {text.good.map((line) => (
          <li key={line}>
            <Check size={15} aria-hidden /> {line}
          </li>
        ))}
      </ul>
    </div>
  )
}

import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Moon, Sun } from 'lucide-react'
import { useLanguage } from '../language/language.tsx'
import classes from './preferences.module.css'

/** Language and colours, remembered in this browser. */
export function Preferences() {
  const { language, text, speak } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = language === 'vi' ? 'en' : 'vi'
  const colours = scheme === 'dark' ? text.app.lightColours : text.app.darkColours
  return (
    <>
      <Tooltip label={text.app.otherLanguage}>
        <button
          type="button"
          className={classes.language}
          lang={other}
          // What is seen must be part of what is heard (WCAG 2.5.3).
          aria-label={`${language.toUpperCase()}: ${text.app.otherLanguage}`}
          onClick={() => void speak(other)}
        >
          {language.toUpperCase()}
        </button>
      </Tooltip>
      <Tooltip label={colours}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={colours}
          onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
        >
          {scheme === 'dark' ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </>
  )
}

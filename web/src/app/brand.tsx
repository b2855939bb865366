import { useText } from '../language/language.tsx'
import classes from './brand.module.css'
import icon from './icon.svg'

export function Brand() {
  const { app } = useText()
  return (
    <a className={classes.brand} href="/" aria-label={app.home}>
      <img src={icon} alt="" width={26} height={26} />
      <span>{app.name}</span>
    </a>
  )
}

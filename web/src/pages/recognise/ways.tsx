import { Images, type LucideIcon, ScanEye, SquareSplitHorizontal } from 'lucide-react'
import { useText } from '../../language/language.tsx'
import { hrefOf } from '../../routing/route.ts'
import classes from './ways.module.css'

/** What else can be done here, for those who see the page empty. */
export function Ways() {
  const { ways: text } = useText().recognise
  return (
    <ul className={classes.ways}>
      <Way icon={Images} title={text.many} hint={text.manyHint} />
      <Way icon={ScanEye} title={text.live} hint={text.liveHint} href={hrefOf(['recognise', 'camera'])} />
      <Way
        icon={SquareSplitHorizontal}
        title={text.pair}
        hint={text.pairHint}
        href={hrefOf(['recognise', 'compare'])}
      />
    </ul>
  )
}

interface WayProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly hint: string
  readonly href?: string
}

function Way({ icon: Icon, title, hint, href }: WayProps) {
  return (
    <li className={classes.way}>
      <Icon size={20} strokeWidth={1.6} aria-hidden />
      <div>
        {href === undefined ? (
          <span className={classes.title}>{title}</span>
        ) : (
          <a className={classes.title} href={href}>
            {title}
          </a>
        )}
        <p className={classes.hint}>{hint}</p>
      </div>
    </li>
  )
}

import { Check, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../../language/language.tsx'
import { DrawnFace } from './drawn-face.tsx'
import classes from './photo-advice.module.css'

/** Photos that serve and photos that do not, drawn. */
export function PhotoAdvice() {
  const { photos: text } = useText().help
  const drawings: Readonly<Record<keyof typeof text.kinds, ReactNode>> = {
    good: <DrawnFace x={50} y={48} width={40} />,
    small: <DrawnFace x={68} y={64} width={10} />,
    dark: (
      <>
        <DrawnFace x={50} y={48} width={40} />
        <rect width={100} height={100} fill="#05080b" opacity={0.78} />
      </>
    ),
    blurred: (
      <g className={classes.blurred}>
        <DrawnFace x={50} y={48} width={40} />
      </g>
    ),
    turned: <DrawnFace x={50} y={48} width={40} turn={1.3} />,
    several: (
      <>
        <DrawnFace x={30} y={50} width={26} />
        <DrawnFace x={70} y={50} width={26} />
      </>
    ),
  }
  const kinds = Object.entries(drawings).map(([kind, drawing]) => ({ kind, drawing }))
  return (
    <ul className={classes.kinds}>
      {kinds.map(({ kind, drawing }) => (
        <li key={kind} className={classes.kind} data-good={kind === 'good' || undefined}>
          <svg viewBox="0 0 100 100" aria-hidden="true">
            {drawing}
          </svg>
          <span>
            {kind === 'good' ? <Check size={15} aria-hidden /> : <X size={15} aria-hidden />}
            {text.kinds[isKind(kind, text.kinds) ? kind : 'good']}
          </span>
        </li>
      ))}
    </ul>
  )
}

function isKind<T extends object>(kind: string, kinds: T): kind is Extract<keyof T, string> {
  return kind in kinds
}

import { useText } from '../../language/language.tsx'
import classes from './boxed-faces.module.css'
import { DrawnFace } from './drawn-face.tsx'

/** What a recognised photo looks like. */
export function BoxedFaces() {
  const { boxed: text } = useText().help
  return (
    <svg className={classes.photo} viewBox="0 0 200 130" role="img" aria-label={text.description}>
      <DrawnFace x={62} y={58} width={36} />
      <DrawnFace x={140} y={64} width={32} turn={0.5} />
      <rect className={classes.known} x={40} y={30} width={44} height={54} rx={4} />
      <rect className={classes.unknown} x={120} y={39} width={40} height={48} rx={4} />
      <rect className={classes.chip} x={20} y={88} width={84} height={16} rx={3} />
      <text className={classes.knownName} x={62} y={99}>
        {text.name}
      </text>
      <rect className={classes.chip} x={131} y={91} width={18} height={16} rx={3} />
      <text className={classes.unknownName} x={140} y={102}>
        ?
      </text>
    </svg>
  )
}

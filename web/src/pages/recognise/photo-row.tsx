import { Badge, Button, Loader } from '@mantine/core'
import { ApiError } from '../../api/api-error.ts'
import { useProblem } from '../../components/use-problem.ts'
import { useFormat, useText } from '../../language/language.tsx'
import { useObjectUrl } from '../../photos/use-object-url.ts'
import classes from './photo-row.module.css'
import type { QueuedPhoto } from './use-photo-queue.ts'

interface Props {
  readonly queued: QueuedPhoto
  readonly onOpen: () => void
  readonly onAgain: () => void
}

/** One photo of many: who is on it, or what is wrong with it. */
export function PhotoRow({ queued, onOpen, onAgain }: Props) {
  const { recognise: text, app } = useText()
  const url = useObjectUrl(queued.photo)
  const passes = queued.error instanceof ApiError && queued.error.passes
  return (
    <li className={classes.row}>
      <button type="button" className={classes.open} onClick={onOpen}>
        {url !== null && <img className={classes.thumb} src={url} alt="" loading="lazy" decoding="async" />}
        <span className={classes.about}>
          <span className={classes.who}>
            <Who queued={queued} />
          </span>
          <span className={classes.file}>{queued.name}</span>
        </span>
      </button>
      <span className={classes.state}>
        {queued.state === 'sending' && <Loader size="xs" aria-label={text.recognising} />}
        {queued.state === 'waiting' && <span className={classes.file}>{text.waiting}</span>}
        {queued.state === 'done' && (
          <Badge variant="light" color="gray" tt="none" fw={500}>
            {text.faces(queued.identification?.faces.length ?? 0)}
          </Badge>
        )}
        {queued.state === 'failed' && passes && (
          <Button size="compact-xs" variant="default" onClick={onAgain}>
            {app.tryAgain}
          </Button>
        )}
      </span>
    </li>
  )
}

function Who({ queued: { state, identification, error, name } }: Pick<Props, 'queued'>) {
  const { recognise: text } = useText()
  const format = useFormat()
  const problem = useProblem()
  if (state === 'failed') return <span className={classes.problem}>{problem(error)}</span>
  if (identification === null) return <span className={classes.file}>{name}</span>
  const matches = identification.faces.flatMap(({ match }) => (match === null ? [] : [match]))
  if (matches.length === 0) return <span className={classes.unknown}>{text.unknown}</span>
  return format.list(matches.map(({ person, score }) => `${person.name} (${format.score(score)})`))
}

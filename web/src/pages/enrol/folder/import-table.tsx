import { Anchor, Badge, Button, Group, Loader, Text } from '@mantine/core'
import { useProblem } from '../../../components/use-problem.ts'
import { useText } from '../../../language/language.tsx'
import { hrefOf } from '../../../routing/route.ts'
import { SeveralOfName } from './import-person.ts'
import { addedPhotos, type ImportRow, knownElsewhere, type RowState } from './import-row.ts'
import classes from './import-table.module.css'
import type { FolderImportRun } from './use-folder-import.ts'

const COLOURS: Readonly<Record<RowState, string>> = {
  waiting: 'gray',
  running: 'lotus',
  done: 'green',
  partly: 'orange',
  conflict: 'orange',
  failed: 'red',
  skipped: 'gray',
}

interface Props {
  readonly rows: readonly ImportRow[]
  readonly run: FolderImportRun
}

/** Everybody in the folder, how far each is, and what one has to say about some. */
export function ImportTable({ rows, run }: Props) {
  const {
    enrol: { folder: text },
  } = useText()
  return (
    <table className={classes.table} aria-label={text.table}>
      <thead>
        <tr>
          <th scope="col">{text.person}</th>
          <th scope="col" className={classes.number}>
            {text.photos}
          </th>
          <th scope="col">{text.state}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              {row.person === null ? (
                row.name
              ) : (
                <Anchor href={hrefOf(['people', row.person.id])} target="_blank">
                  {row.name}
                </Anchor>
              )}
            </td>
            <td className={classes.number}>{text.added(addedPhotos(row), row.files.length)}</td>
            <td>
              <Group gap="xs">
                {row.state === 'running' && <Loader size={12} />}
                <Badge variant="light" color={COLOURS[row.state]} className={classes.state ?? ''} tt="none" fw={500}>
                  {text.states[row.state]}
                </Badge>
                <Choice row={row} run={run} />
              </Group>
              <Reasons row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What one can do about a row that did not go through. */
function Choice({ row, run }: { readonly row: ImportRow; readonly run: FolderImportRun }) {
  const {
    enrol: { folder: text },
  } = useText()
  const known = knownElsewhere(row)
  // Photos that were stored stay so; the others have their turn again.
  const unsent = row.outcomes.map((outcome) => (outcome?.kind === 'added' ? outcome : null))
  if (row.state === 'conflict' && known !== null)
    return (
      <>
        <Button
          size="compact-xs"
          onClick={() => run.retry(row.id, { outcomes: unsent, person: known.person, force: false })}
        >
          {text.addToKnown(known.person.name)}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => run.retry(row.id, { outcomes: unsent, force: true })}
        >
          {text.makeNew}
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={() => run.skip(row.id)}>
          {text.skip}
        </Button>
      </>
    )
  if (row.state === 'failed' || row.state === 'partly')
    return (
      <Button size="compact-xs" variant="default" onClick={() => run.retry(row.id, { outcomes: unsent })}>
        {text.again}
      </Button>
    )
  return null
}

function Reasons({ row }: { readonly row: ImportRow }) {
  const {
    enrol: { folder: text },
  } = useText()
  const problem = useProblem()
  const known = row.state === 'conflict' ? knownElsewhere(row) : null
  const reasons = row.outcomes.flatMap((outcome, index) =>
    outcome?.kind === 'refused' ? [`${row.files[index]?.name ?? ''}: ${problem(outcome.error)}`] : [],
  )
  if (known !== null) reasons.unshift(text.sameAs(known.person.name))
  if (row.error !== null) reasons.unshift(row.error instanceof SeveralOfName ? text.severalOfName : problem(row.error))
  return reasons.map((reason) => (
    <Text key={reason} size="xs" c="dimmed" mt={2}>
      {reason}
    </Text>
  ))
}

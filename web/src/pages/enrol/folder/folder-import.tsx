import { Button, Group, Pagination, Progress, SegmentedControl, Text } from '@mantine/core'
import { Download, FolderOpen, Pause, Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Problem } from '../../../components/problem.tsx'
import { useProblem } from '../../../components/use-problem.ts'
import { saveFile } from '../../../download/save-file.ts'
import { useFormat, useText } from '../../../language/language.tsx'
import classes from './folder-import.module.css'
import { FolderInput } from './folder-input.tsx'
import { importCsv } from './import-csv.ts'
import { finishedPhotos, needsLooking } from './import-row.ts'
import { ImportTable } from './import-table.tsx'
import { useFolderImport } from './use-folder-import.ts'

/** Rows at one time: ten thousand people are no longer table than fifty. */
const PAGE_ROWS = 50
const SECOND_MS = 1_000

/** Enrols everybody in a folder of photos, with a pause when one wants it. */
export default function FolderImport() {
  const {
    enrol,
    enrol: { folder: text },
  } = useText()
  const format = useFormat()
  const problem = useProblem()
  const run = useFolderImport()
  const [show, setShow] = useState<'all' | 'toSee'>('all')
  const [page, setPage] = useState(1)
  const { rows, phase, error, since } = run
  useWarnBeforeLeaving(phase === 'running')
  if (rows.length === 0) return <FolderInput onPeople={run.load} />

  const photos = rows.reduce((sum, { files }) => sum + files.length, 0)
  const done = rows.reduce((sum, row) => sum + finishedPhotos(row), 0)
  const toSee = rows.filter(needsLooking)
  const shown = show === 'all' ? rows : toSee
  const pages = Math.max(1, Math.ceil(shown.length / PAGE_ROWS))
  const current = Math.min(page, pages)
  const secondsLeft = phase === 'running' && since !== null ? remaining(since, done, photos) : null
  const status = {
    ready: text.found(format.number(rows.length), format.number(photos)),
    running: text.progress(format.number(done), format.number(photos)),
    paused: `${text.paused}. ${text.progress(format.number(done), format.number(photos))}`,
    finished: text.finished(format.number(photos)),
  }[phase]
  return (
    <section aria-label={enrol.modes.folder}>
      <div className={classes.panel}>
        <Group justify="space-between" gap="sm">
          <div>
            <Text fw={500} role="status">
              {status}
            </Text>
            <Text size="sm" c="dimmed">
              {phase === 'ready' ? text.check : secondsLeft !== null && text.remaining(format.duration(secondsLeft))}
            </Text>
          </div>
          <Group gap="xs">
            {phase === 'running' ? (
              <Button variant="default" leftSection={<Pause size={16} aria-hidden />} onClick={run.pause}>
                {text.pause}
              </Button>
            ) : (
              phase !== 'finished' && (
                <Button leftSection={<Play size={16} aria-hidden />} onClick={() => run.start(done)}>
                  {phase === 'ready' ? text.start : text.resume}
                </Button>
              )
            )}
            <Button
              variant="default"
              leftSection={<Download size={16} aria-hidden />}
              disabled={done === 0}
              onClick={() => {
                saveFile(`${text.csvName}.csv`, importCsv(rows, text, problem), 'text/csv')
              }}
            >
              {text.exportCsv}
            </Button>
            {phase !== 'running' && (
              <Button variant="subtle" leftSection={<FolderOpen size={16} aria-hidden />} onClick={() => run.load([])}>
                {text.startOver}
              </Button>
            )}
          </Group>
        </Group>
        <Progress value={(100 * done) / photos} mt="sm" aria-label={text.progress(String(done), String(photos))} />
      </div>
      {error !== null && <Problem error={error} />}
      {toSee.length > 0 && (
        <SegmentedControl
          size="xs"
          mb="xs"
          aria-label={text.filter}
          value={show}
          onChange={(value) => setShow(value === 'toSee' ? 'toSee' : 'all')}
          data={[
            { value: 'all', label: `${text.all} ${format.number(rows.length)}` },
            { value: 'toSee', label: `${text.toSee} ${format.number(toSee.length)}` },
          ]}
        />
      )}
      <ImportTable rows={shown.slice((current - 1) * PAGE_ROWS, current * PAGE_ROWS)} run={run} />
      {pages > 1 && <Pagination total={pages} value={current} onChange={setPage} mt="md" size="sm" />}
    </section>
  )
}

/** By the pace so far; null before there is one. */
function remaining(since: { at: number; done: number }, done: number, of: number): number | null {
  const photos = done - since.done
  return photos < 1 ? null : Math.ceil((((Date.now() - since.at) / SECOND_MS) * (of - done)) / photos)
}

function useWarnBeforeLeaving(running: boolean): void {
  useEffect(() => {
    if (!running) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [running])
}

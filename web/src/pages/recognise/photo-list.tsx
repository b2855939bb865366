import { Button, Group, Pagination, Progress, SegmentedControl, Text, TextInput } from '@mantine/core'
import { Download, RotateCcw, Search, Square, StepForward } from 'lucide-react'
import { useState } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { useProblem } from '../../components/use-problem.ts'
import { saveFile } from '../../download/save-file.ts'
import { useText } from '../../language/language.tsx'
import { FILTERS, type Filter, matchesFilter } from './photo-filter.ts'
import classes from './photo-list.module.css'
import { PhotoRow } from './photo-row.tsx'
import { resultsCsv } from './results-csv.ts'
import type { PhotoQueue } from './use-photo-queue.ts'

/** Rows at one time, so that a thousand photos are no thousand pictures. */
const PAGE_ROWS = 40

/** Several photos: how far they are, and what came out, to filter and to take away. */
export function PhotoList({ queue }: { readonly queue: PhotoQueue }) {
  const { recognise: text } = useText()
  const problem = useProblem()
  const { photos, stopped, select, stop, resume, clear, again } = queue
  const [filter, setFilter] = useState<Filter>('all')
  const [words, setWords] = useState('')
  const [page, setPage] = useState(1)
  const done = photos.filter(({ state }) => state === 'done' || state === 'failed').length
  const busy = done < photos.length
  const shown = photos.filter((photo) => matchesFilter(photo, filter, words))
  const pages = Math.max(1, Math.ceil(shown.length / PAGE_ROWS))
  const current = Math.min(page, pages)
  const count = (one: Filter) => photos.filter((photo) => matchesFilter(photo, one, '')).length
  return (
    <section className={classes.list} aria-label={text.results}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" fw={500} role="status">
          {text.progress(done, photos.length)}
        </Text>
        <Group gap="xs">
          {busy && (
            <Button
              size="xs"
              variant="default"
              leftSection={stopped ? <StepForward size={14} aria-hidden /> : <Square size={14} aria-hidden />}
              onClick={stopped ? resume : stop}
            >
              {stopped ? text.resume : text.stop}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<Download size={14} aria-hidden />}
            disabled={done === 0}
            onClick={() => saveFile(`${text.csvName}.csv`, resultsCsv(photos, text.csv, problem), 'text/csv')}
          >
            {text.exportCsv}
          </Button>
          <Button size="xs" variant="subtle" leftSection={<RotateCcw size={14} aria-hidden />} onClick={clear}>
            {text.clear}
          </Button>
        </Group>
      </Group>
      <Progress
        value={(100 * done) / photos.length}
        size="sm"
        my="sm"
        aria-label={text.progress(done, photos.length)}
      />
      <Group gap="sm" mb="sm">
        <SegmentedControl
          size="xs"
          aria-label={text.filter}
          value={filter}
          onChange={(value) => setFilter(FILTERS.find((known) => known === value) ?? 'all')}
          data={FILTERS.map((value) => ({ value, label: `${text.filters[value]} ${count(value)}` }))}
        />
        <TextInput
          size="xs"
          className={classes.search}
          aria-label={text.filterText}
          placeholder={text.filterText}
          leftSection={<Search size={14} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </Group>
      {shown.length === 0 ? (
        <EmptyState title={text.nothingLeft} />
      ) : (
        <ul className={classes.rows}>
          {shown.slice((current - 1) * PAGE_ROWS, current * PAGE_ROWS).map((photo) => (
            <PhotoRow key={photo.id} queued={photo} onOpen={() => select(photo.id)} onAgain={() => again(photo.id)} />
          ))}
        </ul>
      )}
      {pages > 1 && <Pagination total={pages} value={current} onChange={setPage} mt="md" size="sm" />}
    </section>
  )
}

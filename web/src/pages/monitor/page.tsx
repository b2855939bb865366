import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { health, indexStatus } from '../../api/health.ts'
import { Waiting } from '../../app/waiting.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { Problem } from '../../components/problem.tsx'
import { useText } from '../../language/language.tsx'
import { GalleryFacts } from './gallery-facts.tsx'
import { OperationsTable } from './operations-table.tsx'
import { StatusLine } from './status-line.tsx'
import { Tiles } from './tiles.tsx'

const LIVE_MS = 2_000
/** Counting the rows of the database costs more. */
const INDEX_MS = 15_000

/** How the server is, asked anew every few seconds. */
export default function MonitorPage() {
  const { tabs, monitor: text } = useText()
  const [paused, setPaused] = useState(false)
  const live = (ms: number) => ({
    refetchInterval: paused ? (false as const) : ms,
    retry: false,
    placeholderData: keepPreviousData,
  })
  const { data, error, dataUpdatedAt, isPending, refetch } = useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => await health(signal),
    ...live(LIVE_MS),
  })
  const index = useQuery({
    queryKey: ['index'],
    queryFn: async ({ signal }) => await indexStatus(signal),
    ...live(INDEX_MS),
  })
  return (
    <>
      <PageHead title={tabs.monitor} hint={text.hint}>
        <Button
          size="xs"
          variant="default"
          leftSection={paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
          onClick={() => setPaused(!paused)}
        >
          {paused ? text.resume : text.pause}
        </Button>
      </PageHead>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {isPending && <Waiting />}
      {data !== undefined && (
        <>
          <StatusLine health={data} stale={error !== null} updatedAt={dataUpdatedAt} />
          <Tiles health={data} />
          <OperationsTable operations={data.operations} />
          <GalleryFacts health={data} indexStatus={index.data?.status ?? null} />
        </>
      )}
    </>
  )
}

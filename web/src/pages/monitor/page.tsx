import { Alert, Button, Text } from '@mantine/core'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { Waiting } from '../../app/waiting.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { Problem } from '../../components/problem.tsx'
import { useText } from '../../language/language.tsx'
import { GalleryFacts } from './gallery-facts.tsx'
import { OperationsTable } from './operations-table.tsx'
import { StatusLine } from './status-line.tsx'
import { Tiles } from './tiles.tsx'
import { useHealth } from './use-health.ts'

/** How the server is, asked anew every few seconds. */
export default function MonitorPage() {
  const { tabs, monitor: text } = useText()
  const [paused, setPaused] = useState(false)
  const { status, detailed, points, index, vectors, error, updatedAt, refetch } = useHealth(paused)
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
      {error !== null && <Problem error={error} retry={refetch} />}
      {status === null && error === null && <Waiting />}
      {status !== null && (
        <StatusLine status={status} stale={error !== null} updatedAt={updatedAt} detailed={detailed} />
      )}
      {detailed === null && status !== null && (
        <Alert color="gray" variant="light" mt="md">
          <Text size="sm">{text.noDetails}</Text>
        </Alert>
      )}
      {detailed !== null && <Tiles detailed={detailed} points={points} />}
      {detailed !== null && <OperationsTable operations={detailed.operations} />}
      {index !== null && vectors !== null && <GalleryFacts index={index} vectors={vectors} />}
    </>
  )
}

import { Anchor, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { UserRoundPlus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { type Face, rank } from '../../api/recognition.ts'
import { Problem } from '../../components/problem.tsx'
import { ScoreBar } from '../../components/score-bar.tsx'
import { useText } from '../../language/language.tsx'
import { cropFace } from '../../photos/crop-face.ts'
import { useSession } from '../../session/session.tsx'
import { signInAddress } from '../../session/sign-in-address.ts'
import { CandidateRow } from './candidate-row.tsx'
import classes from './face-panel.module.css'

const EnrolFaceDialog = lazy(() => import('./enrol-face-dialog.tsx'))

const ROWS_EXPECTED = 3

interface Props {
  readonly photo: Blob
  /** Tells it from the other photos of this page. */
  readonly photoId: number
  readonly face: Face
  /** The photo shows nobody else, so that it can be sent as it is. */
  readonly onlyFace: boolean
  readonly threshold: number
  readonly onEnrolled: () => void
}

/** Who a face is, whom it resembles, and the way to enrol it. */
export function FacePanel({ photo, photoId, face, onlyFace, threshold, onEnrolled }: Props) {
  const { recognise: text, session: sessionText } = useText()
  const session = useSession()
  const [enrolling, setEnrolling] = useState<Blob | null>(null)
  const { match } = face
  const nearest = useQuery({
    queryKey: ['nearest', photoId, face.box, match?.person.id],
    queryFn: async ({ signal }) => await rank(onlyFace ? photo : await cropFace(photo, face.box), { signal }),
    staleTime: 0,
    // Photos are numbered anew when the page is opened again.
    gcTime: 0,
  })
  const enrol = async () => setEnrolling(onlyFace ? photo : await cropFace(photo, face.box))
  return (
    <Paper className={classes.panel} withBorder>
      <Stack gap={6}>
        <Title order={2} size="h4" className={classes.who} data-known={match !== null || undefined}>
          {match === null ? (
            text.unknown
          ) : (
            <Anchor href={`#/people/${match.person.id}`} inherit underline="hover">
              {match.person.name}
            </Anchor>
          )}
        </Title>
        {match === null ? (
          <Text size="sm" c="dimmed">
            {text.unknownHint}
          </Text>
        ) : (
          <ScoreBar score={match.score} confidence={match.confidence} threshold={threshold} />
        )}
        {match === null && session?.may('editor') === true && (
          <Button
            mt={4}
            leftSection={<UserRoundPlus size={16} aria-hidden />}
            onClick={() => void enrol()}
            style={{ alignSelf: 'flex-start' }}
          >
            {text.enrolFace}
          </Button>
        )}
      </Stack>

      <Title order={3} size="h6" mt="lg">
        {text.nearest}
      </Title>
      <Text size="xs" c="dimmed" mb="xs">
        {text.nearestHint}
      </Text>
      {nearest.isPending && <Rows />}
      {nearest.isError && <Problem error={nearest.error} retry={() => void nearest.refetch()} />}
      {nearest.isSuccess && nearest.data.candidates.length === 0 && (
        <Text size="sm" c="dimmed">
          {text.nobodyEnrolled}
        </Text>
      )}
      {nearest.isSuccess && (
        <ol className={classes.candidates}>
          {nearest.data.candidates.map((candidate) => (
            <CandidateRow key={candidate.person.id} candidate={candidate} threshold={nearest.data.threshold} />
          ))}
        </ol>
      )}
      {session === null && (
        <Group gap={6} mt="sm">
          <Text size="xs" c="dimmed">
            {text.signInForFaces}
          </Text>
          <Anchor href={signInAddress()} size="xs">
            {sessionText.signIn}
          </Anchor>
        </Group>
      )}
      <Suspense>
        {enrolling !== null && (
          <EnrolFaceDialog photo={enrolling} onClose={() => setEnrolling(null)} onEnrolled={onEnrolled} />
        )}
      </Suspense>
    </Paper>
  )
}

function Rows() {
  return (
    <Stack gap="xs">
      {Array.from({ length: ROWS_EXPECTED }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike.
        <Skeleton key={index} height={48} />
      ))}
    </Stack>
  )
}

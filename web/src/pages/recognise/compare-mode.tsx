import { Button, Loader, Paper, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { verify } from '../../api/recognition.ts'
import { Problem } from '../../components/problem.tsx'
import { ScoreBar } from '../../components/score-bar.tsx'
import { useText } from '../../language/language.tsx'
import { fitPhoto } from '../../photos/fit-photo.ts'
import { PhotoInput } from '../../photos/photo-input.tsx'
import { useObjectUrl } from '../../photos/use-object-url.ts'
import classes from './compare-mode.module.css'

type Pair = readonly [File | null, File | null]

/** Whether two photos show the same person; the main face of each counts. */
export default function CompareMode() {
  const { compare: text } = useText()
  const [pair, setPair] = useState<Pair>([null, null])
  const comparison = useMutation({
    mutationFn: async ([one, other]: readonly [File, File]) => await verify(await fitPhoto(one), await fitPhoto(other)),
  })
  const compare = ([one, other]: Pair) => {
    if (one !== null && other !== null) comparison.mutate([one, other])
    else comparison.reset()
  }
  const change = (next: Pair) => {
    setPair(next)
    compare(next)
  }
  return (
    <div className={classes.compare}>
      <div className={classes.pair}>
        <Place
          title={text.first}
          photo={pair[0]}
          everywhere={pair[0] === null}
          onPhoto={(photo) => change([photo, pair[1]])}
        />
        <Place
          title={text.second}
          photo={pair[1]}
          everywhere={pair[0] !== null && pair[1] === null}
          onPhoto={(photo) => change([pair[0], photo])}
        />
      </div>
      <div role="status" className={classes.outcome}>
        {comparison.isIdle && (
          <Text c="dimmed" size="sm" ta="center">
            {text.hint}
          </Text>
        )}
        {comparison.isPending && <Loader type="dots" aria-label={text.comparing} />}
        {comparison.isError && <Problem error={comparison.error} retry={() => compare(pair)} />}
        {comparison.isSuccess && (
          <Paper ref={intoView} className={classes.verdict} data-same={comparison.data.matches || undefined} withBorder>
            <Title order={2} size="h3">
              {comparison.data.matches ? text.same : text.different}
            </Title>
            <Text size="sm" mb="xs">
              {comparison.data.matches ? text.sameHint : text.differentHint}
            </Text>
            <ScoreBar {...comparison.data} />
          </Paper>
        )}
      </div>
    </div>
  )
}

/** On a phone the verdict would stand below what is seen. */
function intoView(verdict: HTMLElement | null): void {
  verdict?.scrollIntoView({ block: 'nearest' })
}

interface PlaceProps {
  readonly title: string
  readonly photo: File | null
  readonly everywhere: boolean
  readonly onPhoto: (photo: File | null) => void
}

function Place({ title, photo, everywhere, onPhoto }: PlaceProps) {
  const { compare: text, recognise } = useText()
  const url = useObjectUrl(photo)
  if (photo === null)
    return (
      <PhotoInput
        title={title}
        hint={text.placeHint}
        button={text.choose}
        everywhere={everywhere}
        onPhotos={([first]) => onPhoto(first ?? null)}
      />
    )
  return (
    <figure className={classes.place}>
      {url !== null && <img className={classes.photo} src={url} alt={recognise.photoOf(photo.name)} />}
      <figcaption className={classes.caption}>
        <span>{photo.name}</span>
        <Button size="compact-xs" variant="default" onClick={() => onPhoto(null)}>
          {recognise.another}
        </Button>
      </figcaption>
    </figure>
  )
}

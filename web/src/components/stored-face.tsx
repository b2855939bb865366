import { useQuery } from '@tanstack/react-query'
import { callForBlob } from '../api/call.ts'
import { useObjectUrl } from '../photos/use-object-url.ts'
import { useSession } from '../session/session.tsx'
import classes from './stored-face.module.css'

const KEPT_MS = 300_000
const FILL = { width: '100%', aspectRatio: 1, borderRadius: 0, fontSize: '2rem' }

interface Props {
  readonly imageId: number | null
  /** Whose face it is: the text that stands for the picture, and its letters where there is none. */
  readonly name: string
  /** Pixels, or as wide as what it stands in. */
  readonly size?: number | 'fill'
}

/** The stored picture of an enrolled face, which only signed-in accounts may see; initials otherwise. */
export function StoredFace({ imageId, name, size = 48 }: Props) {
  const signedIn = useSession() !== null
  const { data } = useQuery({
    queryKey: ['image', imageId],
    queryFn: async ({ signal }) => await callForBlob(`/image/${imageId}`, { signal }),
    enabled: signedIn && imageId !== null,
    staleTime: KEPT_MS,
    retry: false,
  })
  const url = useObjectUrl(data)
  const box = size === 'fill' ? FILL : { width: size, height: size, fontSize: size * 0.36 }
  if (url === null)
    return (
      <span className={classes.initials} style={box} role="img" aria-label={name}>
        {initialsOf(name)}
      </span>
    )
  return <img className={classes.face} style={box} src={url} alt={name} />
}

/** First letters of the first and the last word. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '')
  return letters.join('').toUpperCase()
}

import { Button } from '@mantine/core'
import { Camera } from 'lucide-react'
import { useText } from '../../language/language.tsx'
import { PhotoInput } from '../../photos/photo-input.tsx'
import { PhotoList } from './photo-list.tsx'
import { PhotoResult } from './photo-result.tsx'
import type { PhotoQueue } from './use-photo-queue.ts'
import { Ways } from './ways.tsx'

interface Props {
  readonly queue: PhotoQueue
  readonly onCamera: () => void
}

/** Photos that are chosen, dropped or pasted: one is shown with its faces, several as a list. */
export function PhotosMode({ queue, onCamera }: Props) {
  const { recognise: text } = useText()
  const { photos, selected, add, select, again } = queue
  const empty = photos.length === 0
  return (
    <>
      <PhotoInput
        title={empty ? text.dropTitle : text.moreTitle}
        hint={empty ? text.dropHint : text.moreHint}
        button={text.choose}
        several
        everywhere
        compact={!empty}
        onPhotos={add}
      >
        <Button
          variant="default"
          size={empty ? 'sm' : 'xs'}
          leftSection={<Camera size={16} aria-hidden />}
          onClick={onCamera}
        >
          {text.useCamera}
        </Button>
      </PhotoInput>
      {empty && <Ways />}
      {selected !== null && (
        <PhotoResult
          key={selected.id}
          queued={selected}
          onAgain={() => again(selected.id)}
          {...(photos.length > 1 ? { onList: () => select(null) } : {})}
        />
      )}
      {selected === null && !empty && <PhotoList queue={queue} />}
    </>
  )
}

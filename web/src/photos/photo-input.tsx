import { Button, Group, Stack, Text } from '@mantine/core'
import { ImagePlus } from 'lucide-react'
import { type DragEvent, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import classes from './photo-input.module.css'

const ACCEPTED = 'image/jpeg,image/png,image/webp,image/avif,image/gif,image/bmp,image/tiff,image/heic'

interface Props {
  readonly title: string
  readonly hint: string
  readonly button: string
  readonly several?: boolean
  /** Only one place of a page should take what is pasted. */
  readonly takesPaste?: boolean
  /** Lower, for where there are photos already. */
  readonly compact?: boolean
  readonly onPhotos: (photos: File[]) => void
  /** Other ways of getting a photo, beside the button. */
  readonly children?: ReactNode
}

/** Takes photos that are chosen, dropped or pasted. Whether they are photos is for the server to say. */
export function PhotoInput(props: Props) {
  const { title, hint, button, several = false, takesPaste = false, compact = false, onPhotos, children } = props
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: Iterable<File>) => {
    const photos = [...files]
    if (photos.length > 0) onPhotos(several ? photos : photos.slice(0, 1))
  }
  usePaste(takesPaste, take)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut; the button does the same.
    <div
      className={classes.input}
      data-over={over || undefined}
      data-compact={compact || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPTED}
        multiple={several}
        onChange={(event) => {
          take(event.currentTarget.files ?? [])
          // The same file may be chosen again.
          event.currentTarget.value = ''
        }}
      />
      <Stack gap={compact ? 6 : 'sm'} align="center">
        {!compact && <ImagePlus className={classes.icon} size={36} strokeWidth={1.4} aria-hidden />}
        <div>
          <Text ta="center" fw={500} size={compact ? 'sm' : 'md'}>
            {title}
          </Text>
          <Text ta="center" c="dimmed" size="sm">
            {hint}
          </Text>
        </div>
        <Group gap="xs" justify="center">
          <Button size={compact ? 'xs' : 'sm'} onClick={() => input.current?.click()}>
            {button}
          </Button>
          {children}
        </Group>
      </Stack>
    </div>
  )
}

function usePaste(wanted: boolean, take: (files: Iterable<File>) => void): void {
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    take(files)
  })
  useEffect(() => {
    if (!wanted) return
    const listener = (event: ClipboardEvent) => onPaste(event)
    window.addEventListener('paste', listener)
    return () => window.removeEventListener('paste', listener)
  }, [wanted])
}

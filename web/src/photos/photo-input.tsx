import { Button, Group, Text } from '@mantine/core'
import { ImagePlus } from 'lucide-react'
import { type DragEvent, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import classes from './photo-input.module.css'

const ACCEPTED = 'image/jpeg,image/png,image/webp,image/avif,image/gif,image/bmp,image/tiff,image/heic'

interface Props {
  readonly title: string
  readonly hint: string
  readonly button: string
  readonly several?: boolean
  /** Takes what is pasted, and what is dropped anywhere on the page; only one place of a page should. */
  readonly everywhere?: boolean
  /** Lower, for where there are photos already. */
  readonly compact?: boolean
  readonly onPhotos: (photos: File[]) => void
  /** Other ways of getting a photo, beside the button. */
  readonly children?: ReactNode
}

/** Takes photos that are chosen, dropped or pasted. Whether they are photos is for the server to say. */
export function PhotoInput(props: Props) {
  const { title, hint, button, several = false, everywhere = false, compact = false, onPhotos, children } = props
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: Iterable<File>) => {
    const photos = [...files]
    if (photos.length > 0) onPhotos(several ? photos : photos.slice(0, 1))
  }
  usePaste(everywhere, take)
  useDropAnywhere(everywhere, take, setOver)
  const dropHere = everywhere
    ? {}
    : {
        onDragOver: (event: DragEvent) => {
          event.preventDefault()
          setOver(true)
        },
        onDragLeave: () => setOver(false),
        onDrop: (event: DragEvent) => {
          event.preventDefault()
          setOver(false)
          take(event.dataTransfer.files)
        },
      }
  return (
    <div className={classes.input} data-over={over || undefined} data-compact={compact || undefined} {...dropHere}>
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
      <div className={classes.content}>
        {!compact && <ImagePlus className={classes.icon} size={36} strokeWidth={1.4} aria-hidden />}
        <div>
          <Text fw={500} size={compact ? 'sm' : 'md'}>
            {title}
          </Text>
          <Text c="dimmed" size={compact ? 'xs' : 'sm'}>
            {hint}
          </Text>
        </div>
        <Group gap="xs">
          <Button size={compact ? 'xs' : 'sm'} onClick={() => input.current?.click()}>
            {button}
          </Button>
          {children}
        </Group>
      </div>
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

function useDropAnywhere(
  wanted: boolean,
  take: (files: Iterable<File>) => void,
  showOver: (over: boolean) => void,
): void {
  const onDrag = useEffectEvent((event: globalThis.DragEvent) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    showOver(event.type === 'dragover')
    if (event.type === 'drop') take(event.dataTransfer.files)
  })
  useEffect(() => {
    if (!wanted) return
    const listener = (event: globalThis.DragEvent) => onDrag(event)
    const kinds = ['dragover', 'dragleave', 'drop'] as const
    for (const kind of kinds) window.addEventListener(kind, listener)
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, listener)
    }
  }, [wanted])
}

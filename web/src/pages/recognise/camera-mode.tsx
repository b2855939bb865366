import { Button, Group, Loader, Select, Switch, Text } from '@mantine/core'
import { Camera as CameraIcon, CameraOff, Video } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { Problem } from '../../components/problem.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import classes from './camera-mode.module.css'
import { FaceBox } from './face-box.tsx'
import { RecentPeople } from './recent-people.tsx'
import { takeFrame } from './take-frame.ts'
import { useCamera } from './use-camera.ts'
import { type Sight, useWatch } from './use-watch.ts'

const PHOTO_WIDTH_MAX = 1920

/** A live picture: take a photo of it, or recognise whoever passes. */
export default function CameraMode({ onPhoto }: { readonly onPhoto: (photo: File) => void }) {
  const { camera: text, app } = useText()
  const camera = useCamera()
  const video = useRef<HTMLVideoElement>(null)
  const [watching, setWatching] = useState(false)
  const { stream, fault, opening } = camera
  const { sight, error } = useWatch(video, watching && stream !== null)

  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream
  }, [stream])

  const take = async () => {
    const frame = video.current === null ? null : await takeFrame(video.current, PHOTO_WIDTH_MAX)
    if (frame !== null) onPhoto(new File([frame.photo], text.fileName, { type: frame.photo.type }))
  }

  if (fault !== null)
    return (
      <EmptyState
        icon={CameraOff}
        title={text[fault]}
        hint={text[`${fault}Hint`]}
        action={<Button onClick={() => void camera.open()}>{app.tryAgain}</Button>}
      />
    )
  if (stream === null)
    return opening ? (
      <EmptyState title={text.opening} action={<Loader type="dots" />} />
    ) : (
      <EmptyState
        icon={Video}
        title={text.start}
        hint={text.startHint}
        action={<Button onClick={() => void camera.open()}>{text.start}</Button>}
      />
    )
  return (
    <div className={classes.camera}>
      <div>
        <div className={classes.stage}>
          <div className={classes.frame}>
            <video ref={video} className={classes.video} autoPlay playsInline muted aria-label={text.preview} />
            {sight?.faces.map((face, index) => (
              <FaceBox
                // biome-ignore lint/suspicious/noArrayIndexKey: a face is known by its place in the answer.
                key={index}
                face={face}
                photo={sight.size}
                number={index + 1}
              />
            ))}
          </div>
        </div>
        <SightLine sight={sight} />
      </div>
      <div className={classes.controls}>
        <Button leftSection={<CameraIcon size={16} aria-hidden />} onClick={() => void take()}>
          {text.take}
        </Button>
        <Switch
          label={text.continuously}
          checked={watching}
          onChange={(event) => setWatching(event.currentTarget.checked)}
        />
        {watching && error !== null && <Problem error={error} />}
        {camera.devices.length > 1 && (
          <Select
            label={text.device}
            value={camera.deviceId}
            allowDeselect={false}
            onChange={(id) => void camera.open(id ?? undefined)}
            data={camera.devices.map(({ deviceId, label }, index) => ({
              value: deviceId,
              label: label || text.deviceNumber(index + 1),
            }))}
          />
        )}
        <RecentPeople sight={sight} />
        <Button variant="subtle" color="gray" size="xs" onClick={camera.close}>
          {text.turnOff}
        </Button>
      </div>
    </div>
  )
}

function SightLine({ sight }: { readonly sight: Sight | null }) {
  const { camera: text } = useText()
  const format = useFormat()
  if (sight === null) return null
  const known = sight.faces.filter(({ match }) => match !== null).length
  return (
    <Group justify="space-between" mt="xs">
      <Text size="sm">{sight.faces.length === 0 ? text.nobody : text.seen(known, sight.faces.length)}</Text>
      <Text size="xs" c="dimmed">
        {text.rate(format.number(sight.framesPerSecond, 1), format.milliseconds(Math.round(sight.milliseconds)))}
      </Text>
    </Group>
  )
}

import { useCallback, useEffect, useRef, useState } from 'react'

const WIDTH_WANTED = 1280
const HEIGHT_WANTED = 720

export type CameraFault = 'denied' | 'missing' | 'insecure'

export interface Camera {
  readonly stream: MediaStream | null
  readonly opening: boolean
  readonly fault: CameraFault | null
  /** Known by name once one of them was allowed. */
  readonly devices: readonly MediaDeviceInfo[]
  readonly deviceId: string | null
  readonly open: (deviceId?: string) => Promise<void>
  readonly close: () => void
}

/** The camera of this device, let go when the page is left. */
export function useCamera(): Camera {
  const [stream, setStream] = useState<MediaStream | null>(null)
  const [opening, setOpening] = useState(false)
  const [fault, setFault] = useState<CameraFault | null>(null)
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([])
  const held = useRef<MediaStream | null>(null)

  const close = useCallback(() => {
    for (const track of held.current?.getTracks() ?? []) track.stop()
    held.current = null
    setStream(null)
  }, [])
  useEffect(() => close, [close])

  const open = useCallback(
    async (deviceId?: string) => {
      close()
      setFault(null)
      // Browsers hide cameras from pages that came over plain http from elsewhere.
      if (navigator.mediaDevices === undefined) return setFault('insecure')
      setOpening(true)
      try {
        const opened = await navigator.mediaDevices.getUserMedia({
          video: {
            width: { ideal: WIDTH_WANTED },
            height: { ideal: HEIGHT_WANTED },
            ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
          },
        })
        held.current = opened
        setStream(opened)
        const all = await navigator.mediaDevices.enumerateDevices()
        setDevices(all.filter(({ kind }) => kind === 'videoinput'))
      } catch (error) {
        setFault(error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'missing')
      } finally {
        setOpening(false)
      }
    },
    [close],
  )
  const deviceId = stream?.getVideoTracks()[0]?.getSettings().deviceId ?? null
  return { stream, opening, fault, devices, deviceId, open, close }
}

const JPEG_QUALITY = 0.9

/** What a video shows now, as a JPEG at most so wide, or null before it shows anything. */
export async function takeFrame(
  video: HTMLVideoElement,
  widthMax: number,
): Promise<{ readonly photo: Blob; readonly width: number; readonly height: number } | null> {
  const { videoWidth, videoHeight } = video
  if (videoWidth === 0) return null
  const scale = Math.min(1, widthMax / videoWidth)
  const canvas = new OffscreenCanvas(Math.round(videoWidth * scale), Math.round(videoHeight * scale))
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
  const photo = await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY })
  return { photo, width: canvas.width, height: canvas.height }
}

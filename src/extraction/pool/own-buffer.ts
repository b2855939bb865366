/** A view into a larger buffer (Node's pool of small ones, a request's body) can't be transferred; it is copied. */
export function ownBuffer(photo: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = photo
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return new Uint8Array(buffer)
  return new Uint8Array(photo)
}

import { PATHS } from '../../http/wire/paths.ts'
import { MULTIPART_HEADERS, multipartBody } from '../client/multipart.ts'
import { type Materials, takeTurns, type Work } from './work.ts'

/** Who is on a photo, one photo after the other. */
export function recognising({ photos }: Materials): Work {
  const bodies = photos.map((photo) => multipartBody({}, photo))
  return {
    async turn(send, number) {
      const body = takeTurns(bodies, number)
      await send({ operation: 'identify', method: 'POST', path: PATHS.identify, headers: MULTIPART_HEADERS, body })
    },
  }
}

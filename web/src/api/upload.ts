import { errorOfBody, unreachable } from './api-error.ts'
import { callHeaders, noteSessionEnd } from './call.ts'

export interface Upload {
  readonly method?: 'POST' | 'PUT'
  readonly signal?: AbortSignal
  /** Told how much of the body is sent, from 0 to 1; fetch can't say. */
  readonly onProgress?: (share: number) => void
}

/** Sends a form and tells how far it is. @throws ApiError */
export async function upload<T>(path: string, form: FormData, options: Upload = {}): Promise<T> {
  const { method = 'POST', signal, onProgress } = options
  return await new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, path)
    for (const [name, value] of Object.entries(callHeaders())) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) onProgress?.(loaded / total)
    }
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText))
      else reject(noteSessionEnd(errorOfBody(request.status, request.responseText)))
    }
    request.onerror = () => reject(unreachable())
    request.onabort = () => reject(signal?.reason ?? unreachable())
    if (signal?.aborted === true) return reject(signal.reason)
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(form)
  })
}

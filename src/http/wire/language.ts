export const LANGUAGES = ['vi', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** Ranges looked at in an `Accept-Language` header; what follows is noise or an attack. */
const RANGES_MAX = 20

/**
 * The language a client prefers of those there are (RFC 9110, section 12.5.4); `otherwise` where it names none of them.
 */
export function preferredLanguage(header: string | undefined, otherwise: Language): Language {
  let best: { language: Language; weight: number } | undefined
  for (const range of (header ?? '').split(',', RANGES_MAX)) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
    const language = LANGUAGES.find((known) => tag === known || tag.startsWith(`${known}-`))
    if (language === undefined) continue
    const quality = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='))
    const weight = quality === undefined ? 1 : Number(quality.slice(2))
    if (weight > (best?.weight ?? 0)) best = { language, weight }
  }
  return best?.language ?? otherwise
}

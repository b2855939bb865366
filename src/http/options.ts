import type { AnsweredRequest, Telemetry } from '../domain/telemetry.ts'
import type { Language } from './wire/language.ts'

const KIB = 1024
const MIB = 1024 * KIB
const SECOND_MS = 1000

export interface ServerLimits {
  /** Bytes of one photo. */
  readonly uploadBytes: number
  /** Photos in one request, where several are due. */
  readonly uploadFiles: number
  /** Bytes of a whole request with photos. */
  readonly requestBytes: number
  /** Bytes of uploads that are held in memory at one time, over all requests. */
  readonly heldBytes: number
  /** Bytes of a body without photos. */
  readonly textBytes: number
  /** Connections of one network at one time; a proxy counts as one, and needs far fewer. */
  readonly connections: number
  /** Connections of everybody at one time; half of them at most are of one network. */
  readonly connectionsInAll: number
}

export interface ServerTimeouts {
  /** Until the last header has come, milliseconds. */
  readonly headersMs: number
  /** Until the last byte of the body has come, milliseconds. */
  readonly requestMs: number
  /** Between two requests on one connection, milliseconds. */
  readonly keepAliveMs: number
  /** Without any byte in either direction while the server does not work for it, milliseconds. */
  readonly idleMs: number
  /** How often the first two are looked at, milliseconds. */
  readonly checkMs: number
  /** How long the rest of a body that was refused is read and thrown away, so that its sender sees the answer. */
  readonly lingerMs: number
}

export interface ServerOptions {
  readonly version: string
  readonly limits: ServerLimits
  readonly timeouts: ServerTimeouts
  /** Off: only signed-in accounts see anything but health and sign-in. */
  readonly publicAccess: boolean
  /** Anybody may make a viewer account. */
  readonly openRegistration: boolean
  /** Origins whose pages may call; none closes the door. */
  readonly corsOrigins: readonly string[]
  /** Addresses and networks of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  readonly rateLimit: {
    /** Requests a minute and address. */
    readonly requests: number
    /** Attempts to sign in, a minute and address. */
    readonly signIns: number
  }
  /** What /metrics asks for instead of an account; '' where access is as everywhere. */
  readonly metricsToken: string
  readonly logger: {
    /** Least level that is logged, by pino's names. */
    readonly level: string
    /** Where lines go; the standard output where absent. */
    readonly stream?: { write(line: string): void }
  }
  /** Of error sentences, where a client prefers none. */
  readonly language: Language
  /** Folder of the built pages; null serves the interface alone. */
  readonly pages: string | null
  /** Called before a body with photos is read. @throws Refusal `overloaded` when its work could not be begun soon */
  readonly admit: (bytes: number, caller: string) => void
  /** Called for every request that is over, but for those of whoever watches the server. */
  readonly onAnswered: (request: AnsweredRequest) => void
  /** Called for every request that begins. */
  readonly trace: Telemetry['trace']
}

export const DEFAULT_OPTIONS: Omit<ServerOptions, 'version' | 'admit' | 'onAnswered' | 'trace'> = {
  limits: {
    uploadBytes: 10 * MIB,
    uploadFiles: 50,
    requestBytes: 64 * MIB,
    heldBytes: 256 * MIB,
    textBytes: 64 * KIB,
    connections: 4000,
    connectionsInAll: Number.POSITIVE_INFINITY,
  },
  timeouts: {
    headersMs: 15 * SECOND_MS,
    requestMs: 60 * SECOND_MS,
    keepAliveMs: 10 * SECOND_MS,
    idleMs: 60 * SECOND_MS,
    checkMs: SECOND_MS,
    lingerMs: 2 * SECOND_MS,
  },
  publicAccess: true,
  openRegistration: false,
  corsOrigins: [],
  trustedProxies: [],
  rateLimit: { requests: 6000, signIns: 30 },
  metricsToken: '',
  logger: { level: 'info' },
  language: 'vi',
  pages: null,
}

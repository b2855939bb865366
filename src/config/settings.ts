import { EXECUTION_PROVIDERS } from '../domain/execution-provider.ts'
import {
  decimal,
  duration,
  integer,
  list,
  oneOf,
  onOff,
  optionalDecimal,
  optionalInteger,
  type Setting,
  secretText,
  text,
} from './setting.ts'

const MIB = 2 ** 20
const HOURS_MAX = 24 * 366

/**
 * Every setting. The environment's name of each is its key in upper case with underscores: `uploadBytesMax` is set by
 * `UPLOAD_BYTES_MAX`.
 */
export const SETTINGS = {
  host: text('0.0.0.0', 'Address to listen on'),
  port: integer(8000, { min: 0, max: 65_535 }, 'Port to listen on; 0 takes a free one'),
  dataDir: text('./data', 'Folder of the embedded database, the converted models, snapshots and backups'),
  databaseUrl: secretText('mysql://user:password@host:3306/name, or a SQLite file; in DATA_DIR where not set'),
  databasePool: integer(10, { min: 1, max: 1_000 }, 'Connections to MySQL at most'),
  databaseTimeoutSeconds: integer(10, { min: 1, max: 600 }, 'Longest wait for a connection to MySQL'),
  databaseTls: oneOf(['off', 'on', 'insecure'], 'off', 'TLS to MySQL; insecure accepts any certificate'),
  databaseTlsCa: text('', "File of the certificate authority that MySQL's certificate is checked against"),
  waitForDatabase: duration('0s', 'How long to wait for the database at start, such as 60s'),

  adminUsername: text('admin', 'First administrator, made only where no account exists'),
  adminPassword: secretText('Password of the first administrator; a random one is printed once where not set'),
  adoptedRole: oneOf(['viewer', 'editor', 'admin'], 'editor', 'Role of accounts adopted from the old system'),
  passwordLengthMin: integer(8, { min: 8, max: 64 }, 'Characters of a new password at least'),
  tokenHours: integer(24, { min: 1, max: HOURS_MAX }, 'Hours after which a sign-in ends'),
  tokenIdleHours: integer(24, { min: 1, max: HOURS_MAX }, 'Hours without a request after which a sign-in ends'),

  modelPack: text('default', 'Model pack to serve with'),
  threshold: optionalDecimal({ min: -1, max: 1 }, "Cosine above which a face is a match; the pack's own where not set"),
  thresholdUnsafe: onOff('off', 'Accept a THRESHOLD that would name strangers'),
  mirrorProbes: onOff('on', 'Embed the mirrored face of probes too: more accurate, one third slower'),
  probePrecision: oneOf(
    ['float32', 'int8'],
    'float32',
    'How probes are embedded: int8 is quicker and not exact, for packs that "nhandien model optimise" made it for',
  ),
  workers: optionalInteger({ min: 1, max: 256 }, 'Extraction threads; the CPUs this process may use where not set'),
  executionProvider: oneOf(EXECUTION_PROVIDERS, 'cpu', 'What runs the models; for GPUs see docs/deploy.md'),
  queueMax: integer(64, { min: 1, max: 100_000 }, 'Photos that may wait for a worker'),
  queueBytesMax: integer(256 * MIB, { min: MIB, max: 2 ** 40 }, 'Bytes of photos that may wait for a worker'),
  queueSecondsMax: decimal(10, { min: 0.1, max: 600 }, 'Seconds a photo may wait for a worker'),

  backupsKeep: integer(
    0,
    { min: 0, max: 100_000 },
    'Newest backups that "nhandien backup create" leaves; 0 leaves all',
  ),
  backupKeyFile: text('', 'Key file that backups are encrypted with; see "nhandien keys generate"'),

  encryptionKeyFile: text('', 'Key file that templates and crops are encrypted with; see "nhandien keys generate"'),
  encryptionKey: secretText('The keys themselves, comma-separated, in place of ENCRYPTION_KEY_FILE'),

  publicAccess: onOff('on', 'Whether recognition and lists are open to callers who are not signed in'),
  openRegistration: onOff('off', 'Whether anybody may register as a viewer'),
  resetConfirm: onOff('off', 'Whether a reset needs confirm=true'),

  storeCrops: onOff('on', 'Keep a crop of each enrolled face, for the pages and for later models'),
  faceSizeMin: integer(32, { min: 8, max: 4_096 }, 'Shorter side of a face to be enrolled, pixels'),
  faceSharpnessMin: decimal(0.02, { min: 0, max: 1 }, 'Sharpness of a face to be enrolled, 0 to 1'),
  faceBrightnessMin: decimal(0.06, { min: 0, max: 1 }, 'Mean luma of a face to be enrolled, 0 to 1'),
  faceBrightnessMax: decimal(0.97, { min: 0, max: 1 }, 'Mean luma of a face to be enrolled at most, 0 to 1'),
  faceYawMax: integer(60, { min: 1, max: 90 }, 'Degrees that a face to be enrolled may be turned to a side'),
  facePitchMax: integer(50, { min: 1, max: 90 }, 'Degrees that a face to be enrolled may look up or down'),

  uploadBytesMax: integer(10 * MIB, { min: 1_024, max: 2 ** 30 }, 'Bytes of one photo'),
  uploadFilesMax: integer(50, { min: 1, max: 1_000 }, 'Photos of one enrolment'),
  imagePixelsMax: integer(50_000_000, { min: 1_024, max: 2 ** 30 }, 'Pixels of one photo'),
  decodeSecondsMax: decimal(5, { min: 0.1, max: 120 }, 'Seconds that decoding one photo may take'),
  requestSecondsMax: integer(60, { min: 1, max: 3_600 }, 'Seconds in which a request must have arrived whole'),

  shutdownNoticeSeconds: decimal(
    0,
    { min: 0, max: 600 },
    'Seconds after SIGTERM in which requests are still taken, while not ready, for balancers to notice',
  ),
  shutdownSeconds: decimal(20, { min: 0.1, max: 3_600 }, 'Seconds after SIGTERM in which what was begun may finish'),

  metricsToken: secretText('Bearer token that /metrics asks for; where not set, whoever may search may read them'),
  rateLimit: integer(6_000, { min: 1, max: 10_000_000 }, 'Requests a minute and address'),
  signInRateLimit: integer(30, { min: 1, max: 1_000_000 }, 'Sign-ins a minute and address'),
  corsOrigins: list('', 'Origins whose pages may call this server, comma-separated; none where not set'),
  trustProxy: list(
    'off',
    'Proxies whose X-Forwarded-For is believed: addresses, networks; on for private ones, off for none',
  ),
  language: oneOf(['vi', 'en'], 'vi', 'Language of messages where the caller states none'),
  otelExporterOtlpEndpoint: text('', 'Address of an OpenTelemetry collector that is sent traces; none where not set'),
  otelExporterOtlpHeaders: secretText('Headers sent to the collector: name=value, comma-separated'),
  otelServiceName: text('nhandien', 'What traces call this server'),
  logLevel: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info', 'Least level that is logged'),
} satisfies Record<string, Setting<unknown>>

export type SettingKey = keyof typeof SETTINGS

/** What the environment asks for, checked. */
export type Config = { readonly [K in SettingKey]: ReturnType<(typeof SETTINGS)[K]['read']> }

export function environmentName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

import { extractionSetup } from './compose/extraction-setup.ts'
import { snapshotFolder } from './compose/keys-at-rest.ts'
import { openModels } from './compose/open-models.ts'
import { checkedThreshold, qualityMinimum, traceTarget } from './compose/read-settings.ts'
import { recordsConfig } from './compose/records-config.ts'
import { usableCpus } from './config/cpus.ts'
import type { Config } from './config/settings.ts'
import { VERSION } from './config/version.ts'
import { argon2Passwords } from './credentials/argon2-passwords.ts'
import { passwordRules } from './credentials/password-rules.ts'
import { randomTokens } from './credentials/random-tokens.ts'
import type { Actor } from './domain/account.ts'
import type { Clock } from './domain/clock.ts'
import type { FaceExtractor } from './domain/extractor.ts'
import type { GalleryVerdict } from './domain/gallery.ts'
import type { Records } from './domain/records.ts'
import type { Telemetry } from './domain/telemetry.ts'
import { createExtractorPool } from './extraction/pool/extractor-pool.ts'
import { collectGarbage } from './gallery/garbage.ts'
import { openGallery } from './gallery/open-gallery.ts'
import { galleryUpkeep } from './gallery/upkeep.ts'
import { listPacks } from './models/packs/open-pack.ts'
import { accountKeeper } from './operations/accounts.ts'
import { browser } from './operations/browse.ts'
import { passwordChecker } from './operations/check-password.ts'
import { climbWatch } from './operations/climb-watch.ts'
import { detector } from './operations/detect.ts'
import { editor } from './operations/edit.ts'
import { embedder } from './operations/embed.ts'
import { enroller } from './operations/enrol.ts'
import { folderEnroller } from './operations/enrol-folder.ts'
import { type FirstAdministrator, makeFirstAdministrator } from './operations/first-administrator.ts'
import { identifier } from './operations/identify.ts'
import { galleryKeeper } from './operations/keep-gallery.ts'
import { keepHouseRegularly } from './operations/keep-house.ts'
import { packLister } from './operations/list-packs.ts'
import { oneAtATime } from './operations/one-at-a-time.ts'
import type { Operations } from './operations/operations.ts'
import { ranker } from './operations/rank.ts'
import { rearranger } from './operations/rearrange.ts'
import type { RecognitionParts } from './operations/recognise.ts'
import { remover } from './operations/remove.ts'
import { reporter } from './operations/report.ts'
import type { SamplingParts } from './operations/sample.ts'
import { doorkeeper } from './operations/sign-in.ts'
import { verifier } from './operations/verify.ts'
import { openRecords } from './records/open-records.ts'
import { startTelemetry } from './telemetry/start-telemetry.ts'

/** What happens while things are put together and kept running, for a terminal or a log. */
export interface Witness {
  /** A step of the start that may take a while. */
  readonly step: (text: string) => void
  /** Something that whoever runs the server should know; never personal data. */
  readonly notice: (message: string, facts: Readonly<Record<string, unknown>>) => void
}

export interface Nhandien {
  readonly operations: Operations
  readonly enrolFolder: ReturnType<typeof folderEnroller>
  readonly firstAdministrator: FirstAdministrator
  readonly extractor: FaceExtractor
  readonly telemetry: Telemetry
  /** Compares the gallery that serves with the records, row for row. */
  verifyGallery(): Promise<GalleryVerdict>
  /** From now on the server is not ready; what runs goes on. */
  drain(): void
  /** In the reverse order of the start. */
  close(): Promise<void>
}

/** Commands on the terminal, in the audit log. */
export const CONSOLE: Actor = { username: '(console)', address: null, requestId: null }

/** A few threads use up what memory can deliver; more would only take turns. */
const SEARCH_THREADS_MAX = 4
export const WORKER_URL = new URL('./extraction/pool/worker.js', import.meta.url)
/** A photo that takes longer than this, all stages together, is refused. */
const PHOTO_MS_MAX = 30_000
const SECOND_MS = 1_000
const systemClock: Clock = () => new Date()

/** The database alone, for commands that need no models. */
export async function openDatabase(config: Config, { notice }: Witness): Promise<Records> {
  return await openRecords(await recordsConfig(config, notice))
}

/** The models alone: verified, converted where they are missing, running in worker threads. */
export async function openExtractor(config: Config, { step }: Witness, workerUrl = WORKER_URL): Promise<FaceExtractor> {
  const pack = await openModels(config, step)
  // The files that were verified would stay in memory for hours: once started, little makes the collector come by.
  collectGarbage()
  return await createExtractorPool({
    workerUrl,
    workers: config.workers ?? usableCpus(),
    photoMsMax: PHOTO_MS_MAX,
    queue: {
      photosMax: config.queueMax,
      bytesMax: config.queueBytesMax,
      ageMsMax: config.queueSecondsMax * SECOND_MS,
    },
    setup: extractionSetup(config, pack, workerUrl),
  })
}

export interface ComposeOptions {
  /** The built file that extraction threads run; the gallery's files are found beside its folder. */
  readonly workerUrl?: URL
  /** For commands that may run beside a server of the same data directory: its snapshots are read and left alone. */
  readonly snapshotsReadOnly?: boolean
  readonly openExtractor?: typeof openExtractor
}

/** Everything: database, models, gallery, operations. What was opened is closed again where a later step fails. */
export async function compose(config: Config, witness: Witness, options: ComposeOptions = {}): Promise<Nhandien> {
  const { workerUrl = WORKER_URL, snapshotsReadOnly = false } = options
  const opened: (() => Promise<void>)[] = []
  const closing = async () => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close()
  }
  try {
    witness.step('Opening the database')
    const records = await openDatabase(config, witness)
    opened.push(() => records.close())

    const workers = await (options.openExtractor ?? openExtractor)(config, witness, workerUrl)
    opened.push(() => workers.close())
    const threshold = checkedThreshold(config, workers.pack)

    witness.step('Loading the gallery')
    const { modelId, dimension } = workers.pack
    const { catchUp, following, ...opening } = await openGallery({
      log: records.templates,
      modelId,
      dimension,
      built: new URL('../../gallery/', workerUrl),
      snapshotFolder: snapshotFolder(config),
      snapshotsReadOnly,
      threads: Math.min(config.workers ?? usableCpus(), SEARCH_THREADS_MAX),
      say: witness.notice,
    })
    opened.push(() => opening.close())
    const upkeep = galleryUpkeep({ ...opening, catchUp }, records.templates, modelId)

    const telemetry = startTelemetry({
      ...{ records, following, version: VERSION, cpus: usableCpus(), dataDir: config.dataDir, clock: systemClock },
      extractor: workers,
      gallery: opening.gallery,
      traces: traceTarget(config, witness.notice),
    })
    opened.push(() => telemetry.stop())
    const { extractor, gallery } = telemetry

    const { accounts, people } = records
    const passwords = await argon2Passwords()
    const rules = passwordRules(config.passwordLengthMin)
    const firstAdministrator = await makeFirstAdministrator({
      accounts,
      passwords,
      passwordRules: rules,
      username: config.adminUsername,
      password: config.adminPassword,
    })
    opened.push(
      keepHouseRegularly({ accounts, templates: records.templates }, (fault) =>
        witness.notice('cleaning up failed; trying again later', { error: String(fault) }),
      ),
    )

    const recognition: RecognitionParts = { extractor, gallery, people, catchUp, threshold }
    const sampling: SamplingParts = { extractor, qualityMinimum: qualityMinimum(config), storeCrops: config.storeCrops }
    const exclusively = oneAtATime()
    const enrol = enroller({ ...recognition, ...sampling, exclusively })
    const checkPassword = passwordChecker({ accounts, passwords, clock: systemClock })
    const door = { accounts, checkPassword, passwords, tokens: randomTokens }
    let draining = false
    return {
      extractor,
      telemetry,
      firstAdministrator,
      verifyGallery: () => upkeep.verify(),
      enrolFolder: folderEnroller({ enrol, people, concurrency: extractor.status().workers + 1 }),
      operations: {
        identify: identifier(recognition),
        rank: ranker(recognition),
        detect: detector(sampling),
        verify: verifier(recognition),
        embed: embedder(extractor),
        climbs: climbWatch(records.audit),
        enrol,
        edit: editor({ ...recognition, ...sampling, exclusively }),
        rearrange: rearranger({ people, catchUp }),
        remove: remover({
          people,
          catchUp,
          backup: () => records.backup(),
          newestRevision: () => records.templates.revision(),
          exclusively,
          resetNeedsConfirmation: config.resetConfirm,
        }),
        browse: browser(people),
        door: doorkeeper({ ...door, clock: systemClock, tokenHours: config.tokenHours }),
        accounts: accountKeeper({ ...door, passwordRules: rules, openRegistration: config.openRegistration }),
        report: reporter({
          ...{ records, gallery, extractor, following, telemetry },
          limits: { workers: extractor.status().workers, queuedPhotos: config.queueMax },
          clock: systemClock,
          closed: () => draining,
        }),
        audit: records.audit,
        listPacks: packLister(extractor.pack, threshold, () => listPacks(config.dataDir)),
        gallery: galleryKeeper({ upkeep, audit: records.audit }),
      },
      drain: () => {
        draining = true
      },
      close: closing,
    }
  } catch (error) {
    await closing()
    throw error
  }
}

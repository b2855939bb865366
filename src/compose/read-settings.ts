import { readFileSync } from 'node:fs'
import type { Config } from '../config/settings.ts'
import { ServerMisconfigured } from '../domain/errors.ts'
import type { PackIdentity, PackManifest } from '../domain/pack.ts'
import type { QualityMinimum } from '../operations/sample.ts'

/** What settings come to, where that takes more than their value. */

export function databaseTls({ databaseTls: mode, databaseTlsCa }: Config) {
  if (mode === 'off') return null
  const ca = databaseTlsCa === '' ? {} : { ca: readFileSync(databaseTlsCa, 'utf8') }
  return { rejectUnauthorized: mode !== 'insecure', ...ca }
}

/** @throws ServerMisconfigured for a threshold at which strangers would be named */
export function checkedThreshold({ threshold, thresholdUnsafe }: Config, pack: PackIdentity): number {
  if (threshold === null) return pack.threshold
  if (threshold < pack.impostorP99 && !thresholdUnsafe)
    throw new ServerMisconfigured(
      `THRESHOLD=${threshold} would name strangers: with the model pack ${pack.name}, one pair of different people in a ` +
        `hundred scores ${pack.impostorP99} or more. Scores of different packs do not compare; leave THRESHOLD unset for ` +
        `the pack's own ${pack.threshold}, or set THRESHOLD_UNSAFE=on if you mean it.`,
    )
  return threshold
}

/** @throws ServerMisconfigured where int8 is asked for and there is none that was found good enough, or nothing to run it */
export function int8Probes({ probePrecision, executionProvider }: Config, pack: PackManifest): boolean {
  if (probePrecision === 'float32') return false
  if (executionProvider !== 'cpu')
    throw new ServerMisconfigured('PROBE_PRECISION=int8 is for CPUs: set EXECUTION_PROVIDER=cpu, or leave it unset.')
  if (pack.int8 === undefined)
    throw new ServerMisconfigured(
      `PROBE_PRECISION=int8, but the model pack ${pack.name} has no int8 recogniser that passed its self-test. ` +
        `"nhandien model optimise ${pack.name}" makes one, or says why it can't; or leave PROBE_PRECISION unset.`,
    )
  return true
}

export function qualityMinimum(config: Config): QualityMinimum {
  return {
    sizePx: config.faceSizeMin,
    sharpness: config.faceSharpnessMin,
    brightness: config.faceBrightnessMin,
    brightnessMax: config.faceBrightnessMax,
    yawMax: config.faceYawMax,
    pitchMax: config.facePitchMax,
  }
}

/** Null where nobody wants traces. */
export function traceTarget(
  { otelExporterOtlpEndpoint: endpoint, otelExporterOtlpHeaders: headers, otelServiceName: serviceName }: Config,
  say: (message: string, facts: Readonly<Record<string, unknown>>) => void,
) {
  if (endpoint === '') return null
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))
    throw new ServerMisconfigured('OTEL_EXPORTER_OTLP_ENDPOINT is no http address, such as http://localhost:4318')
  return { endpoint, headers, serviceName, say }
}

import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { environmentName, SETTINGS } from '../../src/config/settings.ts'
import { PATHS } from '../../src/http/wire/paths.ts'
import { at, documentOf, keysAt, listAt, type Node } from './documents.ts'

/*
 * No schema of Kubernetes is at hand without a cluster, so this holds the manifests to the part of it that they use:
 * a key that is misspelt, misplaced or new here fails until it is written down.
 */

const FOLDER = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url))
const SETTING_NAMES = Object.keys(SETTINGS).map(environmentName)
const KINDS: Readonly<Record<string, { readonly api: string; readonly spec: readonly string[] }>> = {
  Namespace: { api: 'v1', spec: [] },
  PersistentVolumeClaim: { api: 'v1', spec: ['accessModes', 'resources'] },
  Service: { api: 'v1', spec: ['selector', 'ports'] },
  Deployment: { api: 'apps/v1', spec: ['selector', 'strategy', 'template'] },
  PodDisruptionBudget: { api: 'policy/v1', spec: ['minAvailable', 'selector'] },
  HorizontalPodAutoscaler: {
    api: 'autoscaling/v2',
    spec: ['scaleTargetRef', 'minReplicas', 'maxReplicas', 'metrics', 'behavior'],
  },
  NetworkPolicy: { api: 'networking.k8s.io/v1', spec: ['podSelector', 'policyTypes', 'ingress', 'egress'] },
  CronJob: {
    api: 'batch/v1',
    spec: ['schedule', 'concurrencyPolicy', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit', 'jobTemplate'],
  },
}
const POD_KEYS = [
  'automountServiceAccountToken',
  'enableServiceLinks',
  'terminationGracePeriodSeconds',
  'restartPolicy',
  'securityContext',
  'topologySpreadConstraints',
  'containers',
  'volumes',
]
const CONTAINER_KEYS = [
  'name',
  'image',
  'args',
  'ports',
  'env',
  'startupProbe',
  'livenessProbe',
  'readinessProbe',
  'resources',
  'securityContext',
  'volumeMounts',
]
const PROBE_KEYS = ['httpGet', 'periodSeconds', 'timeoutSeconds', 'failureThreshold']

const files = readdirSync(FOLDER).filter((file) => file !== 'kustomization.yaml')
const documents = files.map((file) => ({ file, document: documentOf(`kubernetes/${file}`) }))
const byKind = (kind: string): Node => documents.find(({ document }) => at(document, 'kind') === kind)?.document
const deployment = byKind('Deployment')
const pods = [
  { of: 'Deployment', spec: at(deployment, 'spec.template.spec') },
  { of: 'CronJob', spec: at(byKind('CronJob'), 'spec.jobTemplate.spec.template.spec') },
]

function unknownKeys(node: Node, path: string, known: readonly string[]): readonly string[] {
  return keysAt(node, path).filter((key) => !known.includes(key))
}

describe('the Kubernetes manifests', () => {
  it('are all listed, and of the versions in which their kinds are served', () => {
    expect([...listAt(documentOf('kubernetes/kustomization.yaml'), 'resources')].sort()).toEqual([...files].sort())
    for (const { file, document } of documents) {
      const kind = KINDS[String(at(document, 'kind'))]
      expect([file, at(document, 'apiVersion')]).toEqual([file, kind?.api])
      expect([file, at(document, 'metadata.name')]).toEqual([file, expect.stringMatching(/^nhandien(-[a-z]+)?$/)])
      expect([file, unknownKeys(document, 'spec', kind?.spec ?? [])]).toEqual([file, []])
      const { metadata: _, kind: __, apiVersion: ___, spec: ____, ...others } = Object(document)
      expect([file, Object.keys(others)]).toEqual([file, []])
    }
  })

  it.each(pods)('$of: pods have what pods may have, volumes that exist, and settings that exist', ({ spec }) => {
    const [container] = listAt(spec, 'containers')
    expect(Object.keys(Object(spec)).filter((key) => !POD_KEYS.includes(key))).toEqual([])
    expect(Object.keys(Object(container)).filter((key) => !CONTAINER_KEYS.includes(key))).toEqual([])
    const volumes = listAt(spec, 'volumes').map((volume) => at(volume, 'name'))
    const mounts = listAt(container, 'volumeMounts').map((mount) => at(mount, 'name'))
    expect([...mounts].sort()).toEqual([...volumes].sort())
    for (const variable of listAt(container, 'env')) expect(SETTING_NAMES).toContain(at(variable, 'name'))
    for (const variable of listAt(container, 'env'))
      expect([
        at(variable, 'name'),
        typeof (at(variable, 'value') ?? at(variable, 'valueFrom.secretKeyRef.key')),
      ]).toEqual([at(variable, 'name'), 'string'])
  })

  it.each(pods)('$of: pods may do next to nothing', ({ spec }) => {
    const [container] = listAt(spec, 'containers')
    expect(at(spec, 'automountServiceAccountToken')).toBe(false)
    expect(at(spec, 'securityContext')).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(at(container, 'securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    for (const bound of ['requests', 'limits'])
      expect(keysAt(container, `resources.${bound}`)).toEqual(['cpu', 'memory'])
  })

  it('probe what answers, and give time to start and to stop', () => {
    const [container] = listAt(deployment, 'spec.template.spec.containers')
    const paths = { startupProbe: PATHS.live, livenessProbe: PATHS.live, readinessProbe: PATHS.ready }
    for (const [probe, path] of Object.entries(paths)) {
      expect(at(container, `${probe}.httpGet`)).toEqual({ path, port: 'http' })
      expect(unknownKeys(container, probe, PROBE_KEYS)).toEqual([])
    }
    expect(at(container, 'ports')).toEqual([{ name: 'http', containerPort: Number(SETTINGS.port.fallback) }])
    const notice = listAt(container, 'env').find((variable) => at(variable, 'name') === 'SHUTDOWN_NOTICE_SECONDS')
    const needed = Number(at(notice, 'value')) + Number(SETTINGS.shutdownSeconds.fallback)
    expect(at(deployment, 'spec.template.spec.terminationGracePeriodSeconds')).toBeGreaterThan(needed)
    const started =
      Number(at(container, 'startupProbe.periodSeconds')) * Number(at(container, 'startupProbe.failureThreshold'))
    expect(started).toBeGreaterThan(60)
  })

  it('speak of one deployment', () => {
    const labels = at(deployment, 'spec.template.metadata.labels')
    expect(at(deployment, 'spec.selector.matchLabels')).toEqual(labels)
    expect(at(byKind('Service'), 'spec.selector')).toEqual(labels)
    expect(at(byKind('PodDisruptionBudget'), 'spec.selector.matchLabels')).toEqual(labels)
    const autoscaler = byKind('HorizontalPodAutoscaler')
    expect(at(autoscaler, 'spec.scaleTargetRef')).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'nhandien',
    })
    expect(at(autoscaler, 'spec.minReplicas')).toBeGreaterThan(
      Number(at(byKind('PodDisruptionBudget'), 'spec.minAvailable')),
    )
    // The autoscaler's number would be overwritten at every roll-out.
    expect(keysAt(deployment, 'spec')).not.toContain('replicas')
    const claim = at(byKind('PersistentVolumeClaim'), 'metadata.name')
    for (const { spec } of pods)
      expect(listAt(spec, 'volumes').flatMap((volume) => at(volume, 'persistentVolumeClaim.claimName') ?? [])).toEqual([
        claim,
      ])
  })
})

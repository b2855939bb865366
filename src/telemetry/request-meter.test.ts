import { describe, expect, it } from 'vitest'
import type { AnsweredRequest } from '../domain/telemetry.ts'
import { RequestMeter } from './request-meter.ts'
import { Series } from './series.ts'

const MINUTE_MS = 60_000
const START_MS = 1_000 * MINUTE_MS

function request(changes: Partial<AnsweredRequest> = {}): AnsweredRequest {
  return { operation: 'identify', method: 'POST', status: 200, refusal: null, ms: 50, ...changes }
}

describe('the meter of requests', () => {
  it('forgets what left the span', () => {
    const meter = new RequestMeter(START_MS)
    meter.note(request(), START_MS)
    const counts = (nowMs: number) => {
      const { all } = meter.figures(nowMs)
      return [all['1m'].count, all['5m'].count, all['60m'].count]
    }
    expect(counts(START_MS + 1)).toEqual([1, 1, 1])
    expect(counts(START_MS + MINUTE_MS)).toEqual([0, 1, 1])
    expect(counts(START_MS + 5 * MINUTE_MS)).toEqual([0, 0, 1])
    expect(counts(START_MS + 60 * MINUTE_MS)).toEqual([0, 0, 0])
  })

  it('tells operations apart, and those that failed', () => {
    const meter = new RequestMeter(START_MS)
    for (const status of [200, 422, 500, 503]) meter.note(request({ status }), START_MS)
    meter.note(request({ operation: 'people', ms: 5 }), START_MS)
    const { all, byOperation } = meter.figures(START_MS + 10_000)
    expect([...byOperation.keys()]).toEqual(['identify', 'people'])
    expect(byOperation.get('identify')?.['1m']).toMatchObject({ count: 4, errors: 2, errorShare: 0.5, perSecond: 0.4 })
    expect(byOperation.get('people')?.['5m']).toMatchObject({ count: 1, errors: 0, errorShare: 0 })
    expect(all['60m']).toMatchObject({ count: 5, errors: 2, perSecond: 0.5 })
  })

  it('measures how long work takes, not how fast it is turned away', () => {
    const meter = new RequestMeter(START_MS)
    for (let i = 0; i < 100; i++) meter.note(request({ status: 503, refusal: 'overloaded', ms: 1 }), START_MS)
    for (let i = 0; i < 100; i++) meter.note(request({ status: 429, refusal: 'too-many-requests', ms: 1 }), START_MS)
    for (let i = 0; i < 10; i++) meter.note(request({ status: null, ms: 1 }), START_MS)
    meter.note(request({ ms: 200 }), START_MS)
    const { p50Ms, p99Ms, count } = meter.figures(START_MS + 1).all['1m']
    expect(count).toBe(211)
    expect(p50Ms).toBe(p99Ms)
    expect(Math.abs((p50Ms ?? 0) - 200)).toBeLessThan(6)
  })

  it('holds no more than its slices, however long it runs', () => {
    const meter = new RequestMeter(START_MS)
    for (let minute = 0; minute < 500; minute++) meter.note(request(), START_MS + minute * MINUTE_MS)
    expect(meter.figures(START_MS + 499 * MINUTE_MS).all['60m'].count).toBe(60)
  })
})

describe('the series', () => {
  it('tells the last hour without gaps or overlaps, the newest minutes in detail', () => {
    const meter = new RequestMeter(START_MS)
    const series = new Series(meter)
    const eventLoop = { p50Ms: 0, p99Ms: 1, maxMs: 2 }
    const endMs = START_MS + 90 * MINUTE_MS + 25_000
    for (let nowMs = START_MS; nowMs <= endMs; nowMs += 1_000) {
      meter.note(request({ status: nowMs % 2_000 === 0 ? 200 : 500 }), nowMs)
      series.note({ cpuShare: 0.25, rssBytes: nowMs, eventLoop }, nowMs % 10_000 === 3_000 ? 7 : 1, nowMs)
    }
    const points = series.points(endMs, new Date(endMs))
    expect(points.length).toBe(55 + 4 * 6 + 2)
    for (const [index, point] of points.entries()) {
      expect(point).toMatchObject({ requestsPerSecond: 1, errorShare: 0.5, cpuShare: 0.25, queued: 7 })
      const next = points[index + 1]
      if (next !== undefined) expect(next.at.getTime()).toBe(point.at.getTime() + point.seconds * 1_000)
    }
    expect(points.at(-1)?.at).toEqual(new Date(START_MS + 90 * MINUTE_MS + 10_000))
  })
})

import { expect, test } from 'vitest'
import { boundedWork } from './bounded-work.ts'

/** A work that ends when told to. */
function gate(): { open: () => void; passed: Promise<void> } {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

test('so many at once, so many waiting in their order, the rest refused', async () => {
  const bounded = boundedWork(2, 2)
  const gates = [gate(), gate(), gate(), gate()]
  const begun: number[] = []
  const works = gates.map(({ passed }, index) =>
    bounded(async () => {
      begun.push(index)
      await passed
      return index
    }),
  )
  await expect(bounded(async () => 'too late')).rejects.toThrow('overloaded')
  expect(begun).toEqual([0, 1])
  gates[1]?.open()
  expect(await works[1]).toBe(1)
  expect(begun).toEqual([0, 1, 2])
  for (const { open } of gates) open()
  expect(await Promise.all(works)).toEqual([0, 1, 2, 3])
  expect(begun).toEqual([0, 1, 2, 3])
})

test('a work that fails makes room all the same', async () => {
  const bounded = boundedWork(1, 1)
  const failing = bounded(async () => {
    throw new Error('failed')
  })
  const next = bounded(async () => 'served')
  await expect(failing).rejects.toThrow('failed')
  expect(await next).toBe('served')
  expect(await bounded(async () => 'again')).toBe('again')
})

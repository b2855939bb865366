/** Stores the versions between which a row is visible, the birth first; ../../slots.ts says why in this order. */
export function setLife(life: usize, birth: f64, death: f64): void {
  atomic.store<i64>(life, <i64>birth)
  atomic.store<i64>(life, <i64>death, 8)
}

export function setDeath(life: usize, death: f64): void {
  atomic.store<i64>(life, <i64>death, 8)
}

/** Whether a row is visible at a version; reads the death first. */
export function isAlive(life: usize, version: f64): bool {
  const death = atomic.load<i64>(life, 8)
  const birth = atomic.load<i64>(life)
  return birth <= <i64>version && <i64>version < death
}

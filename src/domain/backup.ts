/** `write` counts rows, `check` (reading back what was written) bytes. */
export type BackupProgress = (step: 'write' | 'check', done: number, total: number) => void

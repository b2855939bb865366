/**
 * Settings of a server that shares its machine with other tests, before which its workers even give way: how long a
 * photo waits, or takes, says nothing there.
 */
export const PATIENT = { QUEUE_SECONDS_MAX: '600', DECODE_SECONDS_MAX: '120' }

import type { Tables } from '../tables.ts'

/**
 * A backup is gzipped text, one JSON value a line, the same for every database, so that one can be restored into
 * another: a header; for each table a line with its name and columns, then each row as an array; and an end line with
 * the number of rows and the SHA-256 of all bytes before it.
 */
export const DUMP_FORMAT = 'nhandien-records'
export const DUMP_VERSION = 1

export interface DumpTable {
  readonly name: keyof Tables
  readonly columns: readonly string[]
  /** What rows are read by, page after page; rows are in its order. */
  readonly key: readonly string[]
  /** Columns of bytes, written in Base64. */
  readonly bytes: readonly string[]
  readonly rowsPerPage: number
  readonly rowsPerInsert: number
}

/** Of tables with small rows, and of those with photos. */
const ROWS_PER_PAGE = 1_000
const PHOTOS_PER_PAGE = 50
const ROWS_PER_INSERT = 200
const PHOTOS_PER_INSERT = 20

function table<Name extends keyof Tables>(
  name: Name,
  key: readonly (keyof Tables[Name] & string)[],
  columns: readonly (keyof Tables[Name] & string)[],
  bytes: readonly string[] = [],
): DumpTable {
  const photos = name === 'crop'
  return {
    name,
    columns: [...key, ...columns],
    key,
    bytes,
    rowsPerPage: photos ? PHOTOS_PER_PAGE : ROWS_PER_PAGE,
    rowsPerInsert: photos ? PHOTOS_PER_INSERT : ROWS_PER_INSERT,
  }
}

/**
 * In an order in which rows come after those they point to. Sessions are left out: a backup must open no door. Search
 * keys are made anew from the rows.
 */
export const DUMP_TABLES: readonly DumpTable[] = [
  table('nguoi', ['class_id'], ['ten', 'tuoi', 'gioitinh', 'noio', 'created_at', 'updated_at']),
  table(
    'image',
    ['image_id'],
    [
      'class_id',
      'label',
      'photo_sha256',
      'size_px',
      'sharpness',
      'brightness',
      'yaw',
      'pitch',
      'roll',
      'quality_score',
      'created_at',
      'updated_at',
    ],
  ),
  table('template', ['image_id', 'model_id'], ['dimension', 'vector', 'checksum', 'key_id'], ['vector']),
  table('crop', ['image_id'], ['jpeg', 'key_id'], ['jpeg']),
  table('imported_image', ['old_id', 'model_id'], ['image_id']),
  table('taikhoan', ['username'], ['passwrd', 'username_key', 'role', 'disabled', 'created_at']),
  table(
    'audit',
    ['audit_id'],
    [
      'at',
      'username',
      'action',
      'target',
      'class_id',
      'outcome',
      'address',
      'request_id',
      'details',
      'details_salt',
      'details_hash',
      'previous_hash',
      'hash',
    ],
  ),
  table('change_log', ['revision'], ['kind', 'image_id', 'class_id']),
  table('counter', ['name'], ['n']),
  table('ledger', ['id'], ['history', 'revision', 'audit_id']),
  table('encryption', ['id'], ['complete']),
]

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { SchemaEditor } from './schema-editor.ts'

const INT = sql`integer`
const REAL = sql`double precision`

/**
 * Makes every table, or adopts `nguoi` and `taikhoan` where the old system left them: its rows stay as they are and
 * the columns that are added to them may be null.
 */
export async function peopleImagesAccounts(schema: SchemaEditor): Promise<void> {
  await people(schema)
  await images(schema)
  await accounts(schema)
  await history(schema)
}

async function people(schema: SchemaEditor): Promise<void> {
  const { bigint, searchedText, text } = schema.dialect
  await schema.createTable('nguoi', {
    columns: [
      { name: 'class_id', type: INT, notNull: true, primaryKey: true },
      { name: 'ten', type: text(100) },
      { name: 'tuoi', type: INT },
      { name: 'gioitinh', type: text(10) },
      { name: 'noio', type: text(100) },
    ],
  })
  await schema.addColumns('nguoi', [
    { name: 'search_key', type: searchedText(400) },
    { name: 'created_at', type: bigint },
    { name: 'updated_at', type: bigint },
  ])
  await schema.createIndex('nguoi', ['search_key'], { unique: false })
}

async function images(schema: SchemaEditor): Promise<void> {
  const { bigint, blob, text } = schema.dialect
  const imageId = { name: 'image_id', type: bigint, notNull: true } as const
  await schema.createTable('image', {
    columns: [
      { ...imageId, primaryKey: true },
      { name: 'class_id', type: INT, notNull: true },
      { name: 'label', type: text(255), notNull: true },
      { name: 'photo_sha256', type: text(64) },
      ...['size_px', 'sharpness', 'brightness', 'yaw', 'pitch', 'roll', 'quality_score'].map((name) => ({
        name,
        type: REAL,
      })),
      { name: 'created_at', type: bigint, notNull: true },
      { name: 'updated_at', type: bigint, notNull: true },
    ],
    references: [{ column: 'class_id', table: 'nguoi' }],
    indexes: [
      { columns: ['class_id', 'photo_sha256'], unique: true },
      ...['photo_sha256', 'label', 'created_at', 'updated_at'].map((column) => ({ columns: [column] })),
    ],
  })
  await schema.createTable('template', {
    columns: [
      imageId,
      { name: 'model_id', type: text(100), notNull: true },
      { name: 'dimension', type: INT, notNull: true },
      { name: 'vector', type: blob, notNull: true },
      { name: 'checksum', type: bigint, notNull: true },
    ],
    primaryKey: ['image_id', 'model_id'],
    references: [{ column: 'image_id', table: 'image' }],
  })
  await schema.createTable('crop', {
    columns: [
      { ...imageId, primaryKey: true },
      { name: 'jpeg', type: blob, notNull: true },
    ],
    references: [{ column: 'image_id', table: 'image' }],
  })
}

async function accounts(schema: SchemaEditor): Promise<void> {
  const { bigint, text } = schema.dialect
  await schema.createTable('taikhoan', {
    columns: [
      { name: 'username', type: text(50), notNull: true, primaryKey: true },
      { name: 'passwrd', type: text(255) },
    ],
  })
  await schema.addColumns('taikhoan', [
    { name: 'username_key', type: text(200) },
    { name: 'role', type: text(10) },
    { name: 'disabled', type: INT },
    { name: 'created_at', type: bigint },
  ])
  await schema.createIndex('taikhoan', ['username_key'], { unique: true })
  await schema.createTable('session', {
    columns: [
      { name: 'token_hash', type: text(64), notNull: true, primaryKey: true },
      { name: 'username', type: text(50), notNull: true },
      { name: 'created_at', type: bigint, notNull: true },
      { name: 'expires_at', type: bigint, notNull: true },
      { name: 'last_seen_at', type: bigint, notNull: true },
    ],
    indexes: [{ columns: ['username'] }],
  })
  await schema.createTable('sign_in_history', {
    columns: [
      { name: 'kind', type: text(10), notNull: true },
      { name: 'subject_hash', type: text(64), notNull: true },
      { name: 'account_hash', type: text(64) },
      { name: 'failures', type: INT, notNull: true },
      { name: 'last_failed_at', type: bigint },
      { name: 'locked_until', type: bigint },
      { name: 'last_good_at', type: bigint },
    ],
    primaryKey: ['kind', 'subject_hash'],
    indexes: [{ columns: ['account_hash'] }],
  })
}

async function history(schema: SchemaEditor): Promise<void> {
  const { bigint, longText, text } = schema.dialect
  await schema.createTable('audit', {
    columns: [
      { name: 'audit_id', type: bigint, notNull: true, primaryKey: true },
      { name: 'at', type: bigint, notNull: true },
      { name: 'username', type: text(50) },
      { name: 'action', type: text(30), notNull: true },
      { name: 'target', type: text(100) },
      { name: 'class_id', type: INT },
      { name: 'outcome', type: text(10), notNull: true },
      { name: 'address', type: text(100) },
      { name: 'request_id', type: text(100) },
      { name: 'details', type: longText },
      { name: 'details_salt', type: text(32) },
      { name: 'details_hash', type: text(64), notNull: true },
      { name: 'previous_hash', type: text(64), notNull: true },
      { name: 'hash', type: text(64), notNull: true },
    ],
    indexes: ['at', 'username', 'class_id'].map((column) => ({ columns: [column] })),
  })
  await schema.createTable('change_log', {
    columns: [
      { name: 'revision', type: bigint, notNull: true, primaryKey: true },
      { name: 'kind', type: text(20), notNull: true },
      { name: 'image_id', type: bigint },
      { name: 'class_id', type: INT },
    ],
  })
  await schema.createTable('counter', {
    columns: [
      { name: 'name', type: text(20), notNull: true, primaryKey: true },
      { name: 'n', type: bigint, notNull: true },
    ],
  })
  await schema.createTable('ledger', {
    columns: [
      { name: 'id', type: INT, notNull: true, primaryKey: true },
      { name: 'history', type: text(36), notNull: true },
      { name: 'revision', type: bigint, notNull: true },
      { name: 'audit_id', type: bigint, notNull: true },
    ],
  })
  await firstNumbers(schema)
}

async function firstNumbers({ db }: SchemaEditor): Promise<void> {
  const counters = await db.selectFrom('counter').select('name').execute()
  for (const name of ['class', 'image'])
    if (counters.every((counter) => counter.name !== name))
      await db.insertInto('counter').values({ name, n: 0 }).execute()
  const ledger = await db.selectFrom('ledger').select('id').executeTakeFirst()
  if (ledger === undefined)
    await db.insertInto('ledger').values({ id: 1, history: randomUUID(), revision: 0, audit_id: 0 }).execute()
}

import { sql } from 'kysely'
import type { SchemaEditor } from './schema-editor.ts'

/** Which key templates and crops are sealed with, and whether they are. */
export async function encryption(schema: SchemaEditor): Promise<void> {
  const { text } = schema.dialect
  for (const table of ['template', 'crop']) {
    await schema.addColumns(table, [{ name: 'key_id', type: text(16) }])
    await schema.createIndex(table, ['key_id', 'image_id'], { unique: false })
  }
  await schema.createTable('encryption', {
    columns: [
      { name: 'id', type: sql`integer`, notNull: true, primaryKey: true },
      { name: 'complete', type: sql`integer`, notNull: true },
    ],
  })
}

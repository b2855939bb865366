import type { SchemaEditor } from './schema-editor.ts'

/** Which image an image of another system has become; goes with the image. */
export async function importedImages(schema: SchemaEditor): Promise<void> {
  const { bigint, text } = schema.dialect
  await schema.createTable('imported_image', {
    columns: [
      { name: 'old_id', type: text(255), notNull: true },
      { name: 'model_id', type: text(100), notNull: true },
      { name: 'image_id', type: bigint, notNull: true },
    ],
    primaryKey: ['old_id', 'model_id'],
    references: [{ column: 'image_id', table: 'image' }],
  })
  await schema.createIndex('imported_image', ['image_id'], { unique: false })
}

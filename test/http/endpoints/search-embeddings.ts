import { describe, expect, test } from 'vitest'
import { ImagesAnswer } from '../../../src/http/wire/listing.ts'
import { expectAnswer, expectError } from '../call.ts'
import { type Contract, retaken } from '../contract.ts'

export function searchEmbeddingsTests(contract: () => Contract): void {
  describe('GET /search_embeddings', () => {
    const search = async (query: string) => await contract().call(`/search_embeddings${query}`, { method: 'GET' })

    test("lists a person's images, and all where none is named", async () => {
      const { as, somebody } = contract()
      await somebody('Người Khác')
      const { classId, imageId, photo } = await somebody('Kiều Chi')
      await as('editor', '/add_embedding', {
        fields: { class_id: classId },
        files: [['file', await retaken(photo), 'b.jpg']],
      })
      const own = expectAnswer<ImagesAnswer>(await search(`?query=${classId}`), ImagesAnswer)
      expect(own.total).toBe(2)
      expect(own.results[0]).toMatchObject({ image_id: imageId, image_path: 'photo.jpg', class_id: classId })
      const all = expectAnswer<ImagesAnswer>(await search('?query='), ImagesAnswer)
      expect(all.total).toBeGreaterThan(2)
    })

    test.each(['image_id', 'class_id', 'image_path', 'created', 'updated'])('sorts by %s both ways', async (key) => {
      const ids = async (order: string) => {
        const answered = await search(`?page_size=100&sort_by=${key}_${order}`)
        return expectAnswer<ImagesAnswer>(answered, ImagesAnswer).results.map((image) => image.image_id)
      }
      const [up, down] = [await ids('asc'), await ids('desc')]
      expect([...up].sort()).toEqual([...down].sort())
      if (key === 'image_id') expect(down).toEqual([...up].reverse())
    })

    test.each([
      ['sort_by=name_asc', 'sort_by'],
      ['sort_by=image_id', 'sort_by'],
      ['sort_by=image_id_asc;drop', 'sort_by'],
      ['sort_by=__proto___asc', 'sort_by'],
      ['query=abc', 'query'],
      ['query=-1', 'query'],
      ['page_size=101', 'page_size'],
    ])('refuses %s', async (query, field) => {
      expectError(await search(`?${query}`), 'field-invalid', { field })
    })
  })
}

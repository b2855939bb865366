import { afterAll, beforeAll, describe } from 'vitest'
import { type Contract, openContract } from './contract.ts'
import { addEmbeddingTests } from './endpoints/add-embedding.ts'
import { administrationTests } from './endpoints/administration.ts'
import { auditLogsTests } from './endpoints/audit-logs.ts'
import { deleteClassTests } from './endpoints/delete-class.ts'
import { deleteImageTests } from './endpoints/delete-image.ts'
import { detectTests } from './endpoints/detect.ts'
import { editEmbeddingTests } from './endpoints/edit-embedding.ts'
import { embedTests } from './endpoints/embed.ts'
import { getImageIdsByClassTests } from './endpoints/get-image-ids-by-class.ts'
import { imageTests } from './endpoints/image.ts'
import { listNguoiTests } from './endpoints/list-nguoi.ts'
import { mergePeopleTests } from './endpoints/merge-people.ts'
import { moveImageTests } from './endpoints/move-image.ts'
import { queryTests } from './endpoints/query.ts'
import { queryTop5Tests } from './endpoints/query-top5.ts'
import { resetIndexTests } from './endpoints/reset-index.ts'
import { searchEmbeddingsTests } from './endpoints/search-embeddings.ts'
import { sessionTests } from './endpoints/sessions.ts'
import { systemTests } from './endpoints/system.ts'
import { verifyTests } from './endpoints/verify.ts'
import { type ServerUnderTest, startServer } from './server-under-test.ts'

// One server for all: what each endpoint's tests need they enrol for themselves.
let server: ServerUnderTest
let contract: Contract
beforeAll(async () => {
  server = await startServer()
  contract = await openContract(server)
})
afterAll(async () => await server.close())

for (const testsOfEndpoint of [
  sessionTests,
  queryTests,
  queryTop5Tests,
  detectTests,
  verifyTests,
  embedTests,
  addEmbeddingTests,
  editEmbeddingTests,
  moveImageTests,
  mergePeopleTests,
  deleteImageTests,
  deleteClassTests,
  listNguoiTests,
  searchEmbeddingsTests,
  getImageIdsByClassTests,
  imageTests,
  auditLogsTests,
  administrationTests,
  systemTests,
  resetIndexTests,
])
  describe('from nothing', () => {
    beforeAll(async () => await contract.startOver())
    testsOfEndpoint(() => contract)
  })

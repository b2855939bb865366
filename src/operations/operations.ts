import type { AuditRecords } from '../domain/audit-records.ts'
import type { AccountKeeper } from './accounts.ts'
import type { Browse } from './browse.ts'
import type { ClimbWatch } from './climb-watch.ts'
import type { Detect } from './detect.ts'
import type { EditRecords } from './edit.ts'
import type { Embed } from './embed.ts'
import type { Enrol } from './enrol.ts'
import type { Identify } from './identify.ts'
import type { KeepGallery } from './keep-gallery.ts'
import type { ListPacks } from './list-packs.ts'
import type { Rank } from './rank.ts'
import type { Rearrange } from './rearrange.ts'
import type { Remove } from './remove.ts'
import type { Report } from './report.ts'
import type { Doorkeeper } from './sign-in.ts'
import type { Verify } from './verify.ts'

/** Everything the product can be asked to do. */
export interface Operations {
  readonly identify: Identify
  readonly rank: Rank
  readonly detect: Detect
  readonly verify: Verify
  readonly embed: Embed
  /** Over what recognition tells. */
  readonly climbs: ClimbWatch
  readonly enrol: Enrol
  readonly edit: EditRecords
  readonly rearrange: Rearrange
  readonly remove: Remove
  readonly browse: Browse
  readonly door: Doorkeeper
  readonly accounts: AccountKeeper
  readonly report: Report
  readonly audit: AuditRecords
  readonly listPacks: ListPacks
  readonly gallery: KeepGallery
}

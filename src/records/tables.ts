/**
 * The tables as they are stored. `nguoi` (people) and `taikhoan` (accounts) keep the names and columns of the system
 * this one replaces; everything else is named in English. Times are UTC milliseconds since 1970.
 */
export interface Tables {
  nguoi: PersonTable
  taikhoan: AccountTable
  image: ImageTable
  template: TemplateTable
  crop: CropTable
  imported_image: ImportedImageTable
  session: SessionTable
  sign_in_history: SignInHistoryTable
  audit: AuditTable
  change_log: ChangeLogTable
  counter: CounterTable
  ledger: LedgerTable
  encryption: EncryptionTable
}

export interface PersonTable {
  class_id: number
  ten: string | null
  tuoi: number | null
  gioitinh: string | null
  noio: string | null
  /** Folded text that a search looks into; null in a row that the old system wrote since the last start. */
  search_key: string | null
  created_at: number | null
  updated_at: number | null
}

export interface AccountTable {
  username: string
  passwrd: string | null
  /** Folded name: what makes two accounts the same one. */
  username_key: string | null
  role: string | null
  disabled: number | null
  created_at: number | null
}

export interface ImageTable {
  image_id: number
  class_id: number
  label: string
  photo_sha256: string | null
  size_px: number | null
  sharpness: number | null
  brightness: number | null
  yaw: number | null
  pitch: number | null
  roll: number | null
  quality_score: number | null
  created_at: number
  updated_at: number
}

export interface TemplateTable {
  image_id: number
  model_id: string
  dimension: number
  /** float32, little-endian; or what that was sealed to. */
  vector: Buffer
  /** CRC-32 of the row's key and vector, as they are stored. */
  checksum: number
  /** What the vector is sealed with; null where it is readable. */
  key_id: string | null
}

export interface CropTable {
  image_id: number
  jpeg: Buffer
  /** What the JPEG is sealed with; null where it is readable. */
  key_id: string | null
}

/** An image that came from another system, and what it was called there. */
export interface ImportedImageTable {
  old_id: string
  model_id: string
  image_id: number
}

export interface SessionTable {
  token_hash: string
  username: string
  created_at: number
  expires_at: number
  last_seen_at: number
}

export interface SignInHistoryTable {
  /** `account`, `address`, or `pair` for the account at the address. */
  kind: string
  /** SHA-256, because what people type as a name by mistake (a password) must not be kept. */
  subject_hash: string
  /** Of a pair, the hash of its account. */
  account_hash: string | null
  failures: number
  last_failed_at: number | null
  locked_until: number | null
  last_good_at: number | null
}

export interface AuditTable {
  audit_id: number
  at: number
  username: string | null
  action: string
  target: string | null
  /** The person concerned, so that erasing the person can erase the details. */
  class_id: number | null
  outcome: string
  address: string | null
  request_id: string | null
  /** JSON; null once erased. */
  details: string | null
  details_salt: string | null
  details_hash: string
  previous_hash: string
  hash: string
}

export interface ChangeLogTable {
  revision: number
  kind: string
  image_id: number | null
  class_id: number | null
}

/** Numbers already given out, so that none is given twice. */
export interface CounterTable {
  name: string
  n: number
}

/** One row; whoever updates it is the next to commit, so revisions and audit ids follow the order of commits. */
export interface LedgerTable {
  id: number
  history: string
  revision: number
  audit_id: number
}

/** One row, from the moment on that templates and crops are sealed; none while they are readable. */
export interface EncryptionTable {
  id: number
  /** 0 until everything that was there before is sealed too. */
  complete: number
}

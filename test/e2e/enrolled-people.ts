import { groupPhoto, portrait } from '../http/photos.ts'
import { CONSOLE, type ServerUnderTest } from '../http/server-under-test.ts'

export interface EnrolledPerson {
  readonly id: number
  readonly name: string
  /** The photo that is enrolled. */
  readonly photo: Buffer
}

export const NAMES = ['Nguyễn Thị Ánh Hồng', 'Đặng Văn Đức', 'Trần Quốc Bảo'] as const

/** Enrols the people of the first group photo, the leftmost first, each with a portrait cut out of it. */
export async function enrolGroup({ nhandien }: ServerUnderTest): Promise<readonly EnrolledPerson[]> {
  const { detect, enrol } = nhandien.operations
  const photo = groupPhoto(1)
  // What is extracted is moved to a worker and gone afterwards, hence the copies.
  const { faces } = await detect(Buffer.from(photo))
  const boxes = faces.map(({ box }) => box).sort((a, b) => a.x - b.x)
  const enrolled: EnrolledPerson[] = []
  for (const [index, name] of NAMES.entries()) {
    const box = boxes[index]
    if (box === undefined) throw new Error(`the first group photo shows ${boxes.length} faces only`)
    const cut = await portrait(photo, box)
    const { person } = await enrol(
      {
        photos: [{ bytes: Buffer.from(cut), label: `${index}.jpg` }],
        fields: { name, age: 30 + index, residence: 'Đà Nẵng' },
        strict: false,
        force: false,
      },
      CONSOLE,
    )
    enrolled.push({ id: person.classId, name, photo: cut })
  }
  return enrolled
}

/** What a file chooser takes. */
export function upload(name: string, buffer: Buffer) {
  return { name, mimeType: 'image/jpeg', buffer }
}

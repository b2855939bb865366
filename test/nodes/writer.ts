import { seededRandom } from '../gallery/vectors.ts'
import { type RunningNode, Unanswered } from './running-node.ts'

/** The images of a person: what each is called, and which template it has. Null where there is no such person. */
export type PersonState = ReadonlyMap<string, number> | null

/** What the records may hold of one person: one state, or either of two where the answer to a write never came. */
export interface Expectation {
  readonly name: string
  readonly allowed: readonly PersonState[]
}

interface Person {
  readonly name: string
  classId: number
  /** Ids of images by what they are called. */
  readonly imageIds: Map<string, number>
  state: PersonState
}

interface Write {
  readonly person: Person
  readonly after: PersonState
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
  readonly photos: readonly number[]
  /** Templates that this makes findable, and those that it removes. */
  readonly shows: readonly number[]
  readonly hides: readonly number[]
}

const PEOPLE_AT_ONCE = 10
const IMAGES_OF_PERSON = 4
const SEEDS_OF_WRITER = 1_000_000

/** A client that changes people of its own, one write after the other, and knows what was acknowledged. */
export class Writer {
  readonly #name: string
  readonly #random: () => number
  readonly #token: string
  readonly #people = new Map<string, Person>()
  /** People of whom it is not known whether the last write was done; they are left alone. */
  readonly #uncertain: Expectation[] = []
  #nextSeed: number
  #made = 0
  /** Templates whose removal was acknowledged. */
  readonly gone: number[] = []
  acknowledged = 0
  unanswered = 0
  /** Whether it adds only. */
  growsOnly = false

  constructor(number: number, seed: number, token: string) {
    this.#name = `writer-${number}`
    this.#random = seededRandom(seed)
    this.#nextSeed = number * SEEDS_OF_WRITER
    this.#token = token
  }

  get expectations(): readonly Expectation[] {
    const known = [...this.#people.values()].map(({ name, state }) => ({ name, allowed: [state] }))
    return [...known, ...this.#uncertain]
  }

  /** Every image whose enrolment was acknowledged, with its id and its person's. */
  get acknowledgedImages(): readonly { seed: number; imageId: number; classId: number }[] {
    return [...this.#people.values()].flatMap(({ state, classId, imageIds }) =>
      [...(state ?? [])].map(([label, seed]) => ({ seed, classId, imageId: imageIds.get(label) ?? 0 })),
    )
  }

  /** One write; answers with a template that is to be found from now on, null where there is none to look for. */
  async write(node: RunningNode): Promise<number | null> {
    const write = this.#choose()
    const { person } = write
    try {
      const answer = await node.post(write.path, this.#token, write.fields, write.photos)
      const ids = Array.isArray(answer.image_ids) ? answer.image_ids.map(Number) : []
      const added = [...(write.after?.keys() ?? [])].filter((label) => !person.imageIds.has(label))
      added.forEach((label, index) => {
        person.imageIds.set(label, ids[index] ?? 0)
      })
      if (typeof answer.class_id === 'number') person.classId = answer.class_id
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error
      this.unanswered++
      this.#people.delete(person.name)
      this.#uncertain.push({ name: person.name, allowed: [person.state, write.after] })
      return null
    }
    this.acknowledged++
    person.state = write.after
    if (write.after === null) this.#people.delete(person.name)
    else this.#people.set(person.name, person)
    this.gone.push(...write.hides)
    return write.shows[0] ?? null
  }

  #choose(): Write {
    const people = [...this.#people.values()]
    const person = people[Math.floor(this.#random() * people.length)]
    const kind = this.#random()
    if (person === undefined || (people.length < PEOPLE_AT_ONCE && kind < 0.4)) return this.#enrolNew()
    const images = [...(person.state ?? [])]
    const image = images[Math.floor(this.#random() * images.length)]
    if (this.growsOnly) return images.length < IMAGES_OF_PERSON ? this.#addImage(person) : this.#enrolNew()
    if (people.length >= PEOPLE_AT_ONCE && kind < 0.4) return removePerson(person)
    if (image === undefined || (kind < 0.6 && images.length < IMAGES_OF_PERSON)) return this.#addImage(person)
    return kind < 0.8 ? this.#replaceImage(person, image) : removeImage(person, image)
  }

  #enrolNew(): Write {
    const name = `${this.#name}-person-${++this.#made}`
    const count = 1 + Math.floor(this.#random() * 3)
    const seeds = Array.from({ length: count }, () => this.#nextSeed++)
    return {
      person: { name, classId: 0, imageIds: new Map(), state: null },
      after: new Map(seeds.map((seed) => [`${seed}.template`, seed])),
      ...{ path: '/add_embedding', fields: { ten_nguoi: name }, photos: seeds, shows: seeds, hides: [] },
    }
  }

  #addImage(person: Person): Write {
    const seed = this.#nextSeed++
    return {
      person,
      after: new Map([...(person.state ?? []), [`${seed}.template`, seed]]),
      ...{ path: '/add_embedding', fields: { class_id: String(person.classId) } },
      ...{ photos: [seed], shows: [seed], hides: [] },
    }
  }

  /** The image keeps what it is called. */
  #replaceImage(person: Person, [label, before]: readonly [string, number]): Write {
    const seed = this.#nextSeed++
    return {
      person,
      after: new Map([...(person.state ?? []), [label, seed]]),
      ...{ path: '/edit_embedding', fields: { image_id: String(person.imageIds.get(label)) } },
      ...{ photos: [seed], shows: [seed], hides: [before] },
    }
  }
}

function removeImage(person: Person, [label, seed]: readonly [string, number]): Write {
  const fields = { image_id: String(person.imageIds.get(label)) }
  const after = new Map([...(person.state ?? [])].filter(([other]) => other !== label))
  return { person, after, path: '/delete_image', fields, photos: [], shows: [], hides: [seed] }
}

function removePerson(person: Person): Write {
  const fields = { class_id: String(person.classId) }
  const hides = [...(person.state?.values() ?? [])]
  return { person, after: null, path: '/delete_class', fields, photos: [], shows: [], hides }
}

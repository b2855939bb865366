import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ListedPerson, PersonOrder } from '../../api/people.ts'
import { StoredFace } from '../../components/stored-face.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import { hrefOf } from '../../routing/route.ts'
import { type ListState, listParams } from './list-state.ts'
import classes from './people-table.module.css'
import { ROW_LINK } from './use-row-keys.ts'

const FACE_PX = 40

interface Props {
  readonly people: readonly ListedPerson[]
  readonly state: ListState
  readonly onOrder: (order: PersonOrder) => void
}

export function PeopleTable({ people, state, onOrder }: Props) {
  const { people: text, person: words } = useText()
  const sort = { order: state.order, onOrder }
  return (
    <table className={classes.table} aria-label={text.list}>
      <thead>
        <tr>
          <SortHead {...sort} label={words.id} up="class_id_asc" down="class_id_desc" className={classes.number} />
          <SortHead {...sort} label={words.name} up="name_asc" down="name_desc" />
          <SortHead {...sort} label={words.age} up="age_asc" down="age_desc" className={classes.number} />
          <th scope="col">{words.gender}</th>
          <th scope="col">{words.residence}</th>
          <th scope="col" className={classes.number}>
            {words.photos}
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Row key={person.id} person={person} href={hrefOf(['people', person.id], listParams(state))} />
        ))}
      </tbody>
    </table>
  )
}

interface SortHeadProps {
  readonly label: string
  readonly up: PersonOrder
  readonly down: PersonOrder
  readonly order: PersonOrder
  readonly onOrder: (order: PersonOrder) => void
  readonly className?: string | undefined
}

function SortHead({ label, up, down, order, onOrder, className }: SortHeadProps) {
  const sorted = order === up ? 'ascending' : order === down ? 'descending' : undefined
  const Arrow = sorted === 'descending' ? ArrowDown : ArrowUp
  return (
    <th scope="col" aria-sort={sorted ?? 'none'} className={className}>
      <button type="button" className={classes.sort} onClick={() => onOrder(order === up ? down : up)}>
        {label}
        <Arrow className={classes.arrow} size={13} data-shown={sorted !== undefined || undefined} aria-hidden />
      </button>
    </th>
  )
}

function Row({ person, href }: { readonly person: ListedPerson; readonly href: string }) {
  const { people: text, person: words } = useText()
  const format = useFormat()
  const { id, name, age, gender, residence, photos, imageId } = person
  const about = [
    `${words.id} ${id}`,
    ...(age === null ? [] : [text.age(age)]),
    ...(residence === null ? [] : [residence]),
    text.photos(photos),
  ]
  return (
    <tr className={classes.row}>
      <td className={classes.number}>{id}</td>
      <td className={classes.who}>
        <span className={classes.person}>
          <span aria-hidden>
            <StoredFace imageId={imageId} name={name} size={FACE_PX} />
          </span>
          <span className={classes.names}>
            <a className={classes.link} href={href} {...{ [ROW_LINK]: '' }}>
              {name}
            </a>
            <span className={classes.about}>{about.join(' · ')}</span>
          </span>
        </span>
      </td>
      <td className={classes.number}>{age ?? <Unknown />}</td>
      <td>{gender === null ? <Unknown /> : words.genders[gender]}</td>
      <td>{residence ?? <Unknown />}</td>
      <td className={classes.number} data-none={photos === 0 || undefined}>
        {format.number(photos)}
      </td>
    </tr>
  )
}

function Unknown() {
  const { people: text } = useText()
  return (
    <span className={classes.unknown} title={text.notKnown}>
      –
    </span>
  )
}

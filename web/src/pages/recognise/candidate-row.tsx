import type { Candidate } from '../../api/recognition.ts'
import { ScoreBar } from '../../components/score-bar.tsx'
import { StoredFace } from '../../components/stored-face.tsx'
import { useText } from '../../language/language.tsx'
import { hrefOf } from '../../routing/route.ts'
import classes from './candidate-row.module.css'

interface Props {
  readonly candidate: Candidate
  readonly threshold: number
}

/** Somebody whom a face resembles; leads to the page of that person. */
export function CandidateRow({ candidate, threshold }: Props) {
  const { recognise: text } = useText()
  const { person, imageId, score, confidence, matches } = candidate
  const facts = [person.age === null ? null : text.age(person.age), person.residence].filter((fact) => fact !== null)
  return (
    <li>
      <a className={classes.row} href={hrefOf(['people', person.id])} data-matches={matches || undefined}>
        <StoredFace imageId={imageId} name={person.name} />
        <span className={classes.about}>
          <span className={classes.name}>{person.name}</span>
          {facts.length > 0 && <span className={classes.facts}>{facts.join(' · ')}</span>}
          <ScoreBar score={score} confidence={confidence} threshold={threshold} />
        </span>
      </a>
    </li>
  )
}

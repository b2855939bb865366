import classes from './facts.module.css'

/** Characters from which on a value has a line to itself. */
const LONG = 80

interface Props {
  /** Names and values; what is null is left out. */
  readonly facts: readonly (readonly [name: string, value: string | null])[]
}

export function Facts({ facts }: Props) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className={classes.fact} data-long={value.length > LONG || undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

import classes from './facts.module.css'

interface Props {
  /** Names and values; what is null is left out. */
  readonly facts: readonly (readonly [name: string, value: string | null])[]
}

export function Facts({ facts }: Props) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

import { Anchor } from '@mantine/core'
import type { AuditRow } from '../../api/administration.ts'
import { useFormat, useText } from '../../language/language.tsx'
import { hrefOf } from '../../routing/route.ts'
import classes from './audit-table.module.css'
import table from './table.module.css'

const PERSON = /^person:(\d+)$/

export function AuditTable({ rows }: { readonly rows: readonly AuditRow[] }) {
  const { admin } = useText()
  const text = admin.audit
  const format = useFormat()
  const actions: Readonly<Record<string, string>> = text.actions
  return (
    <table className={table.table} aria-label={text.table}>
      <thead>
        <tr>
          <th scope="col">{text.when}</th>
          <th scope="col">{text.username}</th>
          <th scope="col">{text.action}</th>
          <th scope="col">{text.target}</th>
          <th scope="col">{text.outcome}</th>
          <th scope="col">{text.address}</th>
          <th scope="col">{text.details}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td data-head={text.when} className={table.tight}>
              {format.dateTime(row.at)}
            </td>
            <td data-head={text.username}>{row.username ?? <span className={classes.quiet}>{text.nobody}</span>}</td>
            <td data-head={text.action}>{actions[row.action] ?? row.action}</td>
            <td data-head={text.target}>
              <Target target={row.target} />
            </td>
            <td data-head={text.outcome} className={table.tight}>
              <span className={classes.outcome} data-refused={row.outcome === 'refused' || undefined}>
                {row.outcome === 'refused' ? text.refused : text.done}
              </span>
            </td>
            <td data-head={text.address} className={classes.quiet}>
              {row.address ?? '–'}
            </td>
            <td data-head={text.details}>
              <Details row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Target({ target }: { readonly target: string | null }) {
  const id = target === null ? undefined : PERSON.exec(target)?.[1]
  if (id !== undefined) return <Anchor href={hrefOf(['people', id])}>{target}</Anchor>
  return target ?? '–'
}

function Details({ row }: { readonly row: AuditRow }) {
  const { admin } = useText()
  const text = admin.audit
  const facts = { ...row.details, ...(row.request_id === null ? {} : { [text.request]: row.request_id }) }
  const lines = Object.entries(facts)
  if (lines.length === 0) return '–'
  return (
    <details className={classes.details}>
      <summary aria-label={text.showDetails}>…</summary>
      <dl className={classes.facts}>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

import { SegmentedControl, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { HealthDetailsAnswer } from '../../../../src/http/wire/health-details.ts'
import { WINDOWS, type Window } from '../../api/health.ts'
import { useFormat, useText } from '../../language/language.tsx'
import classes from './operations-table.module.css'

/** Every operation's figures in a window of time, the busiest first. */
export function OperationsTable({ operations }: Pick<HealthDetailsAnswer, 'operations'>) {
  const { monitor: text } = useText()
  const format = useFormat()
  const [window, setWindow] = useState<Window>('5m')
  const rows = Object.entries(operations)
    .map(([name, windows]) => ({ name, ...windows[window] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
  const ms = (value: number | null) => (value === null ? '–' : format.milliseconds(value))
  return (
    <section className={classes.section} aria-label={text.operations}>
      <div className={classes.head}>
        <Title order={2} size="h5">
          {text.operations}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={text.window}
          value={window}
          onChange={(value) => setWindow(WINDOWS.find((known) => known === value) ?? '5m')}
          data={WINDOWS.map((value) => ({ value, label: text.windows[value] }))}
        />
      </div>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.noRequests}
        </Text>
      ) : (
        <Table.ScrollContainer
          minWidth={520}
          type="native"
          // What scrolls must be reached by the keyboard.
          tabIndex={0}
          role="group"
          aria-label={text.operations}
        >
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{text.operation}</Table.Th>
                {[text.count, text.errors, 'p50', 'p95', 'p99'].map((head) => (
                  <Table.Th key={head} ta="right">
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ name, count, error_rate, p50_ms, p95_ms, p99_ms }) => (
                <Table.Tr key={name}>
                  <Table.Td className={classes.name}>{name}</Table.Td>
                  <Table.Td ta="right">{format.number(count)}</Table.Td>
                  <Table.Td ta="right">{format.percent(error_rate, 1)}</Table.Td>
                  <Table.Td ta="right">{ms(p50_ms)}</Table.Td>
                  <Table.Td ta="right">{ms(p95_ms)}</Table.Td>
                  <Table.Td ta="right">{ms(p99_ms)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  )
}

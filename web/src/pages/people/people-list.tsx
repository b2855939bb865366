import { Button, Group, NativeSelect, Pagination, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { UserRoundPlus, UsersRound } from 'lucide-react'
import { useRef } from 'react'
import { listPeople, PERSON_ORDERS } from '../../api/people.ts'
import { Waiting } from '../../app/waiting.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { Problem } from '../../components/problem.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import { hrefOf, navigate, useRoute } from '../../routing/route.ts'
import { useSession } from '../../session/session.tsx'
import { type ListState, listParams, PAGE_SIZES, readListState } from './list-state.ts'
import classes from './people-list.module.css'
import { PeopleTable } from './people-table.tsx'
import { SearchField } from './search-field.tsx'
import { useRowKeys } from './use-row-keys.ts'

/** Everybody who is enrolled: found as one types, sorted, in pages. */
export function PeopleList() {
  const { tabs, people: text } = useText()
  const format = useFormat()
  const mayAdd = useSession()?.may('editor') === true
  const state = readListState(useRoute().params)
  const search = useRef<HTMLInputElement>(null)
  const keys = useRowKeys(search)
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    queryKey: ['people', state],
    queryFn: async ({ signal }) => await listPeople(state, signal),
    placeholderData: keepPreviousData,
  })
  const show = (change: Partial<ListState>, how: 'push' | 'replace' = 'push') =>
    navigate(hrefOf(['people'], listParams({ ...state, ...change })), how)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys only move the focus between what can be used anyway
    <div onKeyDown={keys}>
      <PageHead title={tabs.people} hint={text.hint}>
        {mayAdd && (
          <Button component="a" href={hrefOf(['enrol'])} leftSection={<UserRoundPlus size={16} aria-hidden />}>
            {tabs.enrol}
          </Button>
        )}
      </PageHead>
      <SearchField
        ref={search}
        words={state.words}
        busy={isFetching && isPlaceholderData}
        onWords={(words) => show({ words, page: 1 }, 'replace')}
      />
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined ? (
        error === null && <Waiting />
      ) : data.total === 0 ? (
        <Nobody words={state.words} mayAdd={mayAdd} onAll={() => show({ words: '', page: 1 })} />
      ) : (
        <>
          <Group className={classes.above} justify="space-between" gap="sm">
            <Text size="sm" c="dimmed" role="status">
              {text.found(format.number(data.total))}
            </Text>
            <NativeSelect
              className={classes.order}
              size="xs"
              aria-label={text.sortedBy}
              value={state.order}
              onChange={(event) => {
                const order = PERSON_ORDERS.find((known) => known === event.currentTarget.value)
                if (order !== undefined) show({ order, page: 1 })
              }}
              data={PERSON_ORDERS.map((value) => ({ value, label: text.orders[value] }))}
            />
          </Group>
          <PeopleTable people={data.people} state={state} onOrder={(order) => show({ order, page: 1 })} />
          <Group className={classes.below} justify="space-between" gap="sm">
            <NativeSelect
              size="xs"
              label={text.rowsPerPage}
              classNames={{ root: classes.size ?? '' }}
              value={String(state.pageSize)}
              onChange={(event) => show({ pageSize: Number(event.currentTarget.value), page: 1 })}
              data={PAGE_SIZES.map(String)}
            />
            {data.pages > 1 && (
              <Pagination
                aria-label={text.pages}
                size="sm"
                total={data.pages}
                value={Math.min(state.page, data.pages)}
                onChange={(page) => show({ page })}
                getItemProps={(page) => ({ 'aria-label': format.number(page) })}
              />
            )}
          </Group>
        </>
      )}
    </div>
  )
}

interface NobodyProps {
  readonly words: string
  readonly mayAdd: boolean
  readonly onAll: () => void
}

function Nobody({ words, mayAdd, onAll }: NobodyProps) {
  const { tabs, people: text } = useText()
  if (words !== '')
    return (
      <EmptyState
        icon={UsersRound}
        title={text.nothingFound(words)}
        hint={text.nothingFoundHint}
        action={
          <Button variant="default" onClick={onAll}>
            {text.showAll}
          </Button>
        }
      />
    )
  return (
    <EmptyState
      icon={UsersRound}
      title={text.none}
      hint={text.noneHint}
      action={
        mayAdd && (
          <Button component="a" href={hrefOf(['enrol'])}>
            {tabs.enrol}
          </Button>
        )
      }
    />
  )
}

import { Button, Group, NativeSelect, Pagination, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import { auditFile, auditLog } from '../../api/administration.ts'
import { Waiting } from '../../app/waiting.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Problem } from '../../components/problem.tsx'
import { saveFile } from '../../download/save-file.ts'
import { useFormat, useText } from '../../language/language.tsx'
import { hrefOf, navigate, useRoute } from '../../routing/route.ts'
import { type AuditState, auditParams, readAuditState } from './audit-state.ts'
import { AuditTable } from './audit-table.tsx'

const PAGE_ROWS = 30
const PAUSE_MS = 250

/** Who did what to whom, filtered, and taken away as a file. */
export default function AuditLog() {
  const { admin } = useText()
  const text = admin.audit
  const format = useFormat()
  const state = readAuditState(useRoute().params)
  const { data, error, refetch } = useQuery({
    queryKey: ['audit', state],
    queryFn: async () => await auditLog(state, state.page, PAGE_ROWS),
    placeholderData: keepPreviousData,
  })
  const exporting = useMutation({
    mutationFn: async (kind: 'csv' | 'jsonl') => {
      const file = await auditFile(state, kind)
      saveFile(`${text.fileName}.${kind}`, file, file.type)
    },
    onSuccess: async () => await refetch(),
  })
  const show = (change: Partial<AuditState>, how: 'push' | 'replace' = 'replace') =>
    navigate(hrefOf(['admin', 'audit'], auditParams({ ...state, page: 1, ...change })), how)
  const filtered = state.username !== '' || state.action !== '' || state.from !== '' || state.to !== ''
  const actions = Object.entries(text.actions).map(([value, label]) => ({ value, label }))
  return (
    <>
      <Group gap="sm" align="flex-end" mb="sm">
        <Who username={state.username} onWho={(username) => show({ username })} />
        <NativeSelect
          size="sm"
          label={text.action}
          value={state.action}
          onChange={(event) => show({ action: event.currentTarget.value })}
          data={[{ value: '', label: text.anyAction }, ...actions]}
        />
        <TextInput
          type="date"
          size="sm"
          label={text.from}
          value={state.from}
          max={state.to || undefined}
          onChange={(event) => show({ from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          size="sm"
          label={text.to}
          value={state.to}
          min={state.from || undefined}
          onChange={(event) => show({ to: event.currentTarget.value })}
        />
        {filtered && (
          <Button variant="subtle" onClick={() => show({ username: '', action: '', from: '', to: '' })}>
            {text.clear}
          </Button>
        )}
      </Group>
      <Group justify="space-between" mb="xs" gap="sm">
        <Text size="sm" c="dimmed" role="status">
          {data !== undefined && text.total(format.number(data.total))}
        </Text>
        <Group gap="xs">
          {(['csv', 'jsonl'] as const).map((kind) => (
            <Button
              key={kind}
              size="xs"
              variant="default"
              leftSection={<Download size={14} aria-hidden />}
              loading={exporting.isPending && exporting.variables === kind}
              onClick={() => exporting.mutate(kind)}
            >
              {text[kind]}
            </Button>
          ))}
        </Group>
      </Group>
      {exporting.isError && <Problem error={exporting.error} />}
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined ? (
        error === null && <Waiting />
      ) : data.rows.length === 0 ? (
        <EmptyState title={text.nothing} hint={text.nothingHint} />
      ) : (
        <AuditTable rows={data.rows} />
      )}
      {data !== undefined && data.pages > 1 && (
        <Pagination
          aria-label={text.pages}
          size="sm"
          mt="md"
          total={data.pages}
          value={Math.min(state.page, data.pages)}
          onChange={(page) => show({ page }, 'push')}
        />
      )}
    </>
  )
}

/** The whole name, told on when one pauses. */
function Who({ username, onWho }: { readonly username: string; readonly onWho: (username: string) => void }) {
  const { admin } = useText()
  const [typed, setTyped] = useState(username)
  const tell = useDebouncedCallback(onWho, PAUSE_MS)
  useEffect(() => setTyped((before) => (before.trim() === username ? before : username)), [username])
  return (
    <TextInput
      size="sm"
      label={admin.audit.username}
      placeholder={admin.accounts.username}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        tell(event.currentTarget.value.trim())
      }}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
    />
  )
}

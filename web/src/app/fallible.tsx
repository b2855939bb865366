import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { EmptyState } from '../components/empty-state.tsx'
import { useText } from '../language/language.tsx'

/** Keeps a fault of one page from taking the others along; most are files of a build that is no longer served. */
export class Fallible extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? <Failed /> : this.props.children
  }
}

function Failed() {
  const text = useText()
  return (
    <EmptyState
      title={text.app.pageFailed}
      hint={text.app.pageFailedHint}
      action={<Button onClick={() => location.reload()}>{text.app.reload}</Button>}
    />
  )
}

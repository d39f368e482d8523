import { useCallback, useState } from 'react'
import { parseJson } from '../../query-model/query-url.ts'
import { readTabs, type SqlTabs } from './sql-tabs.ts'

/** The tabs of a project, kept in this browser. */
export function useSqlTabs(projectId: number): [SqlTabs, (change: (before: SqlTabs) => SqlTabs) => void] {
  const place = `hedgerow.sql-tabs.${projectId}`
  const [state, setState] = useState(() => readTabs(parseJson(kept(place) ?? ''), crypto.randomUUID()))
  const update = useCallback(
    (change: (before: SqlTabs) => SqlTabs) =>
      setState((before) => {
        const next = change(before)
        if (next !== before) keep(place, JSON.stringify(next))
        return next
      }),
    [place],
  )
  return [state, update]
}

// why: a browser that allows no storage, or has no more room, must not keep anybody from writing a query.
function kept(place: string): string | null {
  try {
    return localStorage.getItem(place)
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

function keep(place: string, text: string): void {
  try {
    localStorage.setItem(place, text)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

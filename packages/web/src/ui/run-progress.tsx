import { useQuery } from '@tanstack/react-query'
import { runningQuery } from '../api-client/queries.ts'
import { useNow } from './clock.ts'
import { formatCompact } from './numbers.ts'

interface RunProgressProps {
  projectId: number
  /** By which the server knows the question. */
  clientQueryId: string | undefined
  startedAtMs: number | undefined
}

// limit: what is answered sooner than this needs no account of how far it is.
const quietForSeconds = 2

/** For how long a question runs, and how much of it is read. */
export function RunProgress({ projectId, clientQueryId, startedAtMs }: RunProgressProps) {
  const nowMs = useNow()
  const seconds = startedAtMs === undefined ? 0 : Math.max(0, Math.round((nowMs - startedAtMs) / 1000))
  const { data } = useQuery({
    ...runningQuery(projectId, clientQueryId ?? ''),
    enabled: clientQueryId !== undefined && seconds >= quietForSeconds,
  })
  if (seconds < 1) return <>Asking …</>
  if (data?.state === 'waiting') return <>Waiting for its turn … {seconds} s</>
  if (!data || data.rows_read === 0) return <>Asking … {seconds} s</>
  const total = data.rows_total > data.rows_read ? ` of about ${formatCompact(data.rows_total)}` : ''
  return (
    <>
      Asking … {seconds} s · {formatCompact(data.rows_read)}
      {total} rows read
    </>
  )
}

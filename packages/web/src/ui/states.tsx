import { Button, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { describeError } from '../api-client/errors.ts'
import { RetryIcon, WarningIcon } from './icons.tsx'
import classes from './states.module.css'

interface EmptyProps {
  title: string
  children?: ReactNode
  action?: ReactNode
  /** `h1` where it is the whole page. */
  heading?: 'h1' | 'h2'
}

/** Nothing here yet, or nothing that matches: what that means and what to do. */
export function Empty({ title, children, action, heading: Heading = 'h2' }: EmptyProps) {
  return (
    <div className={classes.state}>
      <HedgeDrawing />
      <Heading className={classes.title}>{title}</Heading>
      {children && <div className={classes.words}>{children}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}

/** What failed, why, where to look it up, and a way to try again. */
export function Failure({ error, onRetry, compact = false }: { error: unknown; onRetry?: () => void; compact?: boolean }) {
  const { title, cause, reference, retryable, isMissing } = describeError(error)
  return (
    <div className={compact ? classes.compact : classes.state} role="alert">
      <span className={classes.fault}>
        <WarningIcon size={compact ? 18 : 22} />
      </span>
      <div className={classes.faultWords}>
        <h2 className={classes.title}>{title}</h2>
        <p className={classes.words}>{cause}</p>
        {!isMissing && <p className={classes.reference}>{reference}</p>}
      </div>
      {isMissing && !compact && (
        <div className={classes.action}>
          <Button variant="default" onClick={goBack}>
            Go back
          </Button>
        </div>
      )}
      {onRetry && retryable && (
        <div className={classes.action}>
          <Button variant="default" leftSection={<RetryIcon size={16} />} onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  )
}

/** To where one came from; to the start where one came from elsewhere. */
function goBack(): void {
  if (window.history.length > 1) window.history.back()
  else window.location.assign('/')
}

/** Rows about to come, in the shape of a table. */
export function SkeletonRows({ rows = 8, height = 14 }: { rows?: number; height?: number }) {
  return (
    <output className={classes.skeleton} aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => 92 - ((index * 17) % 40)).map((widthPercent) => (
        <Skeleton key={widthPercent} height={height} width={`${widthPercent}%`} radius="sm" />
      ))}
    </output>
  )
}

interface LoadedProps<Data> {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'isPending' | 'refetch'>
  skeleton?: ReactNode
  compact?: boolean
  children: (data: Data) => ReactNode
}

/** Skeleton, failure or content of a query. Content once loaded stays while it is refreshed, even when that fails. */
export function Loaded<Data>({ query, skeleton = <SkeletonRows />, compact = false, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure error={query.error} compact={compact} onRetry={() => void query.refetch()} />
  return skeleton
}

const strokes = [10, 18, 26, 16, 32, 22, 38, 28, 18, 30, 14, 22, 12].map((height, index) => ({
  height,
  x: 14 + index * 10,
  isGreen: index === 6,
}))

/** A hedge in winter: strokes, the leaves still to come. */
function HedgeDrawing() {
  return (
    <svg className={classes.drawing} width="148" height="52" viewBox="0 0 148 52" aria-hidden="true" focusable="false">
      <path d="M4 46.5h140" stroke="var(--line-strong)" strokeWidth="1.5" strokeLinecap="round" />
      {strokes.map(({ height, x, isGreen }) => (
        <path
          key={x}
          d={`M${x} 42v-${height}`}
          stroke={isGreen ? 'var(--hedge)' : 'var(--line-strong)'}
          strokeWidth="4"
          strokeLinecap="round"
        />
      ))}
      <circle cx="84" cy="10" r="3" fill="var(--berry)" />
    </svg>
  )
}

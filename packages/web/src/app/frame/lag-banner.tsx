import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ledgerQuery } from '../../api-client/ingestion.ts'
import { WarningIcon } from '../../ui/icons.tsx'
import classes from './frame.module.css'
import { freshness } from './lag.ts'

/** Across the top of a project's pages while what they show is behind. */
export function LagBanner({ projectId }: { projectId: number }) {
  const { data: ledger } = useQuery(ledgerQuery(projectId))
  if (!ledger) return null
  const { level, sentence } = freshness(ledger)
  if (level !== 'behind' && level !== 'stalled') return null
  return (
    <div className={classes.banner} data-level={level} role="status">
      <WarningIcon size={16} />
      <span>{sentence}</span>
      <Link to="/project/$projectId/ingestion" params={{ projectId }}>
        Ingestion
      </Link>
    </div>
  )
}

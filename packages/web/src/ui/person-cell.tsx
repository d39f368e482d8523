import { Link } from '@tanstack/react-router'
import { aboveRowLinkClass } from './data-table.tsx'
import classes from './person-cell.module.css'
import { Untrusted } from './untrusted.tsx'

interface PersonCellProps {
  projectId: number
  event: { distinctId: string; personId?: string | undefined }
}

/** Whom an event in a table is of: a link where that is known. */
export function PersonCell({ projectId, event: { distinctId, personId } }: PersonCellProps) {
  return personId ? (
    <Link to="/project/$projectId/persons/$personId" params={{ projectId, personId }} className={`${classes.person} ${aboveRowLinkClass}`}>
      <Untrusted>{distinctId}</Untrusted>
    </Link>
  ) : (
    <span className={classes.unknown}>
      <Untrusted>{distinctId}</Untrusted>
    </span>
  )
}

import type { LedgerBody } from '@hedgerow/protocol'
import { CheckIcon, WarningIcon } from '../../ui/icons.tsx'
import { formatCount, formatShare } from '../../ui/numbers.ts'
import classes from './ingestion-page.module.css'
import { ledgerLayout, partTexts } from './ledger-layout.ts'

/** Accepted above, its parts below, of the same width: to be seen that it adds up, and said in figures. */
export function LedgerDrawing({ ledger }: { ledger: LedgerBody }) {
  const { segments, difference } = ledgerLayout(ledger)
  const isEmpty = ledger.accepted === 0
  return (
    <div className={classes.ledger}>
      <div className={classes.bars} aria-hidden="true">
        <div className={classes.accepted} data-empty={isEmpty}>
          <strong>{formatCount(ledger.accepted)}</strong> accepted
        </div>
        <div className={classes.parts} data-empty={isEmpty}>
          {segments.map(
            ({ part, widthPercent }) => widthPercent > 0 && <span key={part} data-part={part} style={{ width: `${widthPercent}%` }} />,
          )}
        </div>
      </div>
      <table className={classes.sum}>
        <caption className={classes.hidden}>Accepted events and what became of them</caption>
        <thead className={classes.hidden}>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Events</th>
            <th scope="col">Share</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {segments.map(({ part, count }, index) => (
            <tr key={part}>
              <th scope="row">
                <span className={classes.sign} aria-hidden="true">
                  {index === 0 ? '' : '+'}
                </span>
                <span className={classes.swatch} data-part={part} aria-hidden="true" />
                {partTexts[part].label}
              </th>
              <td className={classes.number}>{formatCount(count)}</td>
              <td className={classes.share}>{formatShare(count, ledger.accepted)}</td>
              <td className={classes.help}>{partTexts[part].help}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              <span className={classes.sign} aria-hidden="true">
                =
              </span>
              Accepted
            </th>
            <td className={classes.number}>{formatCount(ledger.accepted)}</td>
            <td className={classes.verdict} colSpan={2} data-right={difference === 0}>
              {difference === 0 ? (
                <>
                  <CheckIcon size={15} /> adds up
                </>
              ) : (
                <>
                  <WarningIcon size={15} /> {formatCount(Math.abs(difference))} {difference > 0 ? 'missing' : 'too many'}: please report
                  this
                </>
              )}
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

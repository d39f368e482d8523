/**
 * A line of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises: exports hold
 * whatever strangers sent.
 */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number' || typeof cell === 'bigint' || typeof cell === 'boolean') return String(cell)
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
  const safe = typeof cell === 'string' && isFormula(cell) ? `'${text}` : text
  return /[",\r\n\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A number with a sign is none. */
const isFormula = (text: string): boolean =>
  /^[\s]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^\s*[+-]?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(text)

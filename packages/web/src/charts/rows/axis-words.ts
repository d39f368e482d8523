const day = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00:00.*)?$/
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

// limit: characters that a name on an axis has room for.
const longest = 22

/**
 * How the texts of an axis are written below it: days as `1 Mar`, with the year where they are not all of one (`1 Mar 2026`), long names
 * cut.
 */
export function axisWords(texts: readonly string[]): (text: string) => string {
  const years = new Set(texts.flatMap((text) => day.exec(text)?.[1] ?? []))
  return (text) => {
    const [, year, month, date] = day.exec(text) ?? []
    if (year !== undefined) return `${Number(date)} ${months[Number(month) - 1] ?? month}${years.size > 1 ? ` ${year}` : ''}`
    return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
  }
}

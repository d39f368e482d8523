/** The API's `10-Nov-2026` as people read it: `10 Nov 2026`. */
export const labelWords = (label: string): string => label.replaceAll('-', ' ')

/** Without the year, which the range says: `10 Nov`, `10 Nov 14:00`; for axes and narrow columns. */
export const shortLabel = (label: string): string => labelWords(label.replace(/-\d{4}\b/g, ''))

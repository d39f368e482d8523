// limit: days that are looked back over where nobody chose a range.
export const latelyDays = 30

/** As the "Last 30 days" of an insight, so that both say the same number: today, and thirty whole days of the project before it. */
export const lately = `timestamp >= toStartOfDay(now()) - INTERVAL ${latelyDays} DAY AND timestamp <= now()`

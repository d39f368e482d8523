export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export async function timed<Result>(act: () => Promise<Result>): Promise<{ ms: number; result: Result }> {
  const startedMs = performance.now()
  const result = await act()
  return { ms: performance.now() - startedMs, result }
}

/** Whole from 10 on. */
export const milliseconds = (value: number): string =>
  Number.isFinite(value) ? String(Math.round(value * (value < 10 ? 10 : 1)) / (value < 10 ? 10 : 1)) : '–'

/** Markdown, its columns as wide as their widest cell. */
export function markdownTable(head: string[], rows: string[][]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')
}

import { type Command, commandHelp } from '@hedgerow/cli'
import type { NamedSetting } from '@hedgerow/platform'

const generated = '<!-- Written from the code by npm run docs; test/docs.test.ts compares them. -->'

/** docs/reference/settings.md */
export function settingsPage(rows: readonly NamedSetting[]): string {
  const sections = [...groupBy(rows)].map(([group, members]) =>
    [`## ${sectionTitles[group] ?? group}`, '', ...settingsTable(members), ''].join('\n'),
  )
  return [
    '# Settings',
    '',
    generated,
    '',
    'An option on the command line wins over the environment variable of the same row. Sizes are in bytes and times in milliseconds where a name',
    'ends so. A value that cannot be read ends the start with a message that names it; a `HEDGEROW_…` variable that does not exist is',
    'reported at start.',
    '',
    ...sections,
  ].join('\n')
}

const sectionTitles: Record<string, string> = {
  '': 'General',
  platform: 'Limits of the API and the server',
  capture: 'Limits of capture',
  ingestion: 'Limits of ingestion',
  eventStore: 'Limits of the event store',
  applicationStore: 'Limits of the application store',
  eventLog: 'Limits of the event log',
  query: 'Limits of queries',
}

function groupBy(rows: readonly NamedSetting[]): Map<string, NamedSetting[]> {
  const groups = new Map<string, NamedSetting[]>()
  for (const row of rows) {
    const group = row.name.includes('.') ? row.name.slice(0, row.name.lastIndexOf('.')) : ''
    groups.set(group, [...(groups.get(group) ?? []), row])
  }
  return groups
}

function settingsTable(rows: readonly NamedSetting[]): string[] {
  const withOptions = rows.some(({ flag }) => flag !== undefined)
  const cells = rows.map(({ env, flag, help, default: byDefault }) => {
    const shownDefault =
      byDefault === undefined || byDefault === '' || (Array.isArray(byDefault) && byDefault.length === 0) ? '' : `\`${byDefault}\``
    return [`\`${env}\``, ...(withOptions ? [flag === undefined ? '' : `\`--${flag}\``] : []), shownDefault, help]
  })
  return table([['variable', ...(withOptions ? ['option'] : []), 'default', ''], ...cells])
}

/** docs/reference/errors.md */
export function errorsPage(codes: Record<string, { status: number; type: string; help: string }>): string {
  const rows = Object.entries(codes).map(([code, { status, type, help }]) => [`\`${code}\``, String(status), `\`${type}\``, help])
  return [
    '# Error codes',
    '',
    generated,
    '',
    'The API answers a mistake with its status and `{"type", "code", "detail", "attr"}`: `code` is for programs, `detail` is a sentence for people, and',
    '`attr` names the field that is wrong, where there is one. Capture has statuses of its own, which the SDKs understand.',
    '',
    ...table([['code', 'status', 'type', 'means'], ...rows]),
    '',
  ].join('\n')
}

/** docs/reference/cli.md */
export function commandLinePage(commands: readonly Command[]): string {
  const sections = commands.flatMap((command) => [`## hedgerow ${command.name}`, '', '```', commandHelp(command), '```', ''])
  return [
    '# Command line',
    '',
    generated,
    '',
    '`npm start` installs and builds what is needed, and then runs `hedgerow start` with the options after `--`. The other commands are run by',
    '`npx hedgerow …` in the clone. The exit code is 0 when a command did what was asked, 1 when it could not, 2 for a mistake in what was typed.',
    '',
    ...sections,
  ].join('\n')
}

/** A table with its columns padded, as the formatter leaves it. */
function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = cells
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)]
}

import { invalidInput } from '../errors.ts'

const personColumns = ['person_id', 'person-id', 'person.id', 'person .id', 'personid', 'uuid']
const distinctColumns = ['distinct_id', 'distinct-id', 'distinct id', 'distinctid', 'id']

/** Whose ids a CSV file holds. */
export interface CsvPeople {
  personIds: string[]
  distinctIds: string[]
}

/**
 * One column holds distinct ids, with or without a heading; of several, the one headed `person_id` counts, else `distinct_id`.
 * @throws HedgerowError that names what was found instead.
 */
export function readCsv(text: string): CsvPeople {
  const [head, ...body] = rowsOf(text.replace(/^\ufeff/, ''))
  if (!head) throw invalidInput('csv', 'is empty: it needs a column of distinct ids or person ids')
  const names = head.map((name) => name.trim().toLowerCase())
  const column = (wanted: string[]) => names.findIndex((name) => wanted.includes(name))
  const [person, distinct] = [column(personColumns), column(distinctColumns)]
  const cells = (index: number, rows: string[][]) => [...new Set(rows.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== ''))]
  if (person >= 0) return { personIds: cells(person, body), distinctIds: [] }
  if (distinct >= 0) return { personIds: [], distinctIds: cells(distinct, body) }
  if (head.length === 1) return { personIds: [], distinctIds: cells(0, [head, ...body]) }
  throw invalidInput('csv', `has the columns ${head.join(', ').slice(0, 200)}; one of them must be person_id or distinct_id`)
}

/** RFC 4180: cells may be quoted, quotes inside are doubled; lines end with any of the usual endings. Empty lines are passed over. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cell = /("(?:[^"]|"")*"|(?!")[^,\r\n]*)(,|\r\n|\n|\r|$)/gy
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text)
    if (!found) throw invalidInput('csv', `cannot be read: a quote in row ${rows.length + 1} is not closed or stands inside a cell`)
    const [, content = '', end] = found
    row.push(content.startsWith('"') ? content.slice(1, -1).replaceAll('""', '"') : content)
    if (end === ',') continue
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  if (row.length > 0) rows.push([...row, ''])
  return rows
}

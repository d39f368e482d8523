import type { Parser, PropertyType } from '@hedgerow/hogql'
import type { InsightContext } from '@hedgerow/insights'
import { filterContext, withoutPlaceholders } from './hogql-query.ts'
import type { QueryRun } from './run-query.ts'

/** Everything that an insight needs to know before it is compiled: one read of each kind of thing that the query names. */
export async function insightContext(run: QueryRun, node: unknown, parser: Parser): Promise<InsightContext> {
  const { facts, now } = run
  const [earliestEventAt, types] = await Promise.all([namesAll(node) ? firstEventAt(run) : undefined, propertyTypes(run, node)])
  const propertyType: InsightContext['propertyType'] = (scope, name, groupTypeIndex) =>
    types.get(`${scope} ${scope === 'group' ? (groupTypeIndex ?? 0) : -1} ${name}`)
  const filters = { ...filterContext(run, parser, 'events'), propertyType }
  return {
    now,
    timezone: facts.timezone,
    weekStartDay: facts.weekStartDay,
    filters,
    testAccountFilters: facts.settings.test_account_filters,
    pathCleaning: filters.pathCleaning,
    actions: new Map(),
    cohorts: new Map(),
    ...(earliestEventAt ? { earliestEventAt } : {}),
    parseExpr: (text) => withoutPlaceholders(parser.parseExpr(text)),
    propertyType,
  }
}

/** Every text in the query could be the name of a property, and of the filters that the project adds to it. */
function textsIn(node: unknown, texts = new Set<string>(), depth = 0): Set<string> {
  if (typeof node === 'string' && node.length <= 400) texts.add(node)
  else if (typeof node === 'object' && node !== null && depth < 60) {
    for (const value of Object.values(node)) textsIn(value, texts, depth + 1)
  }
  return texts
}

async function propertyTypes({ stores, facts }: QueryRun, node: unknown): Promise<Map<string, PropertyType>> {
  const names = [...textsIn([node, facts.settings.test_account_filters])].slice(0, 5000)
  if (names.length === 0) return new Map()
  const rows = await stores.application.db
    .selectFrom('property_definitions')
    .select(['type', 'group_type_index', 'name', 'property_type'])
    .where('project_id', '=', facts.id)
    .where('name', 'in', names)
    .where('property_type', 'is not', null)
    .execute()
  return new Map(rows.map((row) => [`${row.type} ${row.group_type_index} ${row.name}`, row.property_type as PropertyType]))
}

function namesAll(node: unknown, depth = 0): boolean {
  if (typeof node !== 'object' || node === null || depth > 60) return false
  return Object.entries(node).some(([key, value]) => (key === 'date_from' && value === 'all') || namesAll(value, depth + 1))
}

async function firstEventAt({ stores, facts }: QueryRun): Promise<Date | undefined> {
  const { rows } = await stores.events.query(
    'SELECT toUnixTimestamp64Milli(min(timestamp)) FROM events WHERE project_id = {project: UInt32} HAVING count() > 0',
    { params: { project: facts.id }, projectId: facts.id },
  )
  const ms = rows[0]?.[0]
  return ms === undefined ? undefined : new Date(Number(ms))
}

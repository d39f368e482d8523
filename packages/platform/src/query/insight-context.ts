import { build, mapExpr, type Parser, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '@hedgerow/insights'
import { filterContext } from './filter-context.ts'
import { definitionsOf, propertyTypesOf } from './project-facts.ts'
import type { QueryRun } from './run-query.ts'

/** Everything that an insight needs to know before it is compiled: one read of each kind of thing that the query names. */
export async function insightContext(run: QueryRun, node: unknown, parser: Parser): Promise<InsightContext> {
  const { facts, now } = run
  const [earliestEventAt, types, { actions, cohorts }] = await Promise.all([
    namesAll(node) ? firstEventAt(run) : undefined,
    propertyTypesOf(run.stores.application, facts, [...textsIn([node, facts.settings.test_account_filters])].slice(0, 5000)),
    definitions(run, node),
  ])
  const propertyType: InsightContext['propertyType'] = (scope, name, groupTypeIndex) =>
    types.get(`${scope} ${scope === 'group' ? (groupTypeIndex ?? 0) : -1} ${name}`)
  const plain = filterContext(run, parser, 'events')
  const parseExpr = (text: string) => withoutAlias(plain.parseExpr(text))
  const filters = { ...plain, parseExpr, propertyType, cohort: peopleOf }
  return {
    now,
    timezone: facts.timezone,
    weekStartDay: facts.weekStartDay,
    filters,
    testAccountFilters: facts.settings.test_account_filters,
    pathCleaning: filters.pathCleaning,
    actions,
    cohorts,
    ...(earliestEventAt ? { earliestEventAt } : {}),
    parseExpr,
    propertyType,
  }
}

/** compat: PostHog's insights call their events `e`, and so does HogQL that was written for them: `e.properties.plan`. */
function withoutAlias(expr: syntax.Expr): syntax.Expr {
  return mapExpr(
    expr,
    (part, select) => {
      const isOfEvents = !select && part.kind === 'field' && part.chain.length > 1 && part.chain[0] === 'e'
      return isOfEvents ? { ...part, chain: part.chain.slice(1) } : undefined
    },
    undefined,
  )
}

/** What the cohort is, is put in when the query is run. */
const peopleOf = (id: number) =>
  build.select([build.field('id')], {
    from: { table: build.table('persons'), joins: [] },
    where: build.compare('in cohort', build.field('id'), build.constant(id)),
  })

/** Actions and cohorts that the query names: every whole number in it could be the id of one. */
async function definitions({ stores, facts }: QueryRun, node: unknown) {
  const texts = textsIn([node, facts.settings.test_account_filters])
  const ids = [...numbersIn([node, facts.settings.test_account_filters])]
  return definitionsOf(stores.application, facts, {
    cohorts: texts.has('cohort') ? ids : [],
    actions: texts.has('ActionsNode') || texts.has('actions') ? ids : [],
  })
}

function numbersIn(node: unknown, numbers = new Set<number>(), depth = 0): Set<number> {
  const number = typeof node === 'number' || (typeof node === 'string' && /^\d{1,9}$/.test(node)) ? Number(node) : undefined
  if (number !== undefined && Number.isInteger(number) && number > 0) numbers.add(number)
  else if (typeof node === 'object' && node !== null && depth < 60) {
    for (const value of Object.values(node)) numbersIn(value, numbers, depth + 1)
  }
  return numbers
}

/** Every text in the query could be the name of a property, and of the filters that the project adds to it. */
function textsIn(node: unknown, texts = new Set<string>(), depth = 0): Set<string> {
  if (typeof node === 'string' && node.length <= 400) texts.add(node)
  else if (typeof node === 'object' && node !== null && depth < 60) {
    for (const value of Object.values(node)) textsIn(value, texts, depth + 1)
  }
  return texts
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

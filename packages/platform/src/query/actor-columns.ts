import { build, mapExpr, type Parser, type syntax } from '@hedgerow/hogql'
import { withoutPlaceholders } from './filter-context.ts'
import { type Group, loadGroups } from './groups-of-rows.ts'
import { displayName, displayNameOf, loadPersons, type Person } from './persons-of-rows.ts'
import { withoutLabel } from './row-columns.ts'
import { type QueryRun, runQuery } from './run-query.ts'

/** Where the actors of an ActorsQuery come from. */
export interface ActorsScope {
  /** Absent: persons. */
  groupTypeIndex?: number
  /** The actor's id in the query. */
  id: syntax.Expr
  /** Columns of the source; a source there is only where some are. */
  sourceColumns: string[]
}

/** What is shown of actors, by id. */
export interface Actors {
  persons: Map<string, Person>
  groups: Map<string, Group>
}

export interface ActorColumn {
  name: string
  items: syntax.Expr[]
  type?: string
  /** Shows the actor whose id is the first item. */
  showsActor?: boolean
  make(cells: unknown[], actors: Actors): unknown
}

const actorNames = ['person', 'actor', 'group']
const displayNames = ['person_display_name', 'group_display_name', 'actor_display_name']
/** Told by the source; null where it does not. */
const sourceNames = ['event_count', 'event_distinct_ids']

/** A column as asked for: one of the special names, else an expression over persons or groups and the source's columns. */
export function actorColumn(text: string, scope: ActorsScope, parser: Parser): ActorColumn {
  const plain = withoutLabel(text)
  const { id, groupTypeIndex } = scope
  if (actorNames.includes(plain)) {
    const make: ActorColumn['make'] =
      groupTypeIndex === undefined ? personCell : ([key], { groups }) => groupCell(key, groupTypeIndex, groups.get(String(key)))
    return { name: text, items: [id], make, type: `Tuple(${plain})`, showsActor: true }
  }
  if (displayNames.includes(plain))
    return { name: text, items: [id], make: displayNameCell, type: 'Tuple(display_name, id)', showsActor: true }
  // Where the web app puts the button that deletes.
  if (/^(person|group|actor)\.\$delete$/.test(plain)) return { name: text, items: [id], make: () => null }
  if (plain === 'matched_recordings') return { name: text, items: [id], make: () => [], type: 'Array(Tuple)' }
  if (sourceNames.includes(plain) && !scope.sourceColumns.includes(plain))
    return { name: text, items: [build.constant(null)], make: () => null }
  const expr = withIds(withoutPlaceholders(parser.parseExpr(text)), scope)
  return { name: expr.kind === 'alias' ? expr.name : text, items: [expr], make: ([cell]) => cell }
}

/** `id` and `actor_id` are the actor's, whether it still exists or not. */
export function withIds(expr: syntax.Expr, { id }: ActorsScope): syntax.Expr {
  const isId = (part: syntax.Expr) =>
    part.kind === 'field' && part.chain.length === 1 && ['id', 'actor_id', 'key'].includes(part.chain[0] ?? '')
  return mapExpr(expr, (part) => (isId(part) ? id : undefined), undefined)
}

/** Whether an expression needs more of the actor than the source tells. */
export function readsActor(expr: syntax.Expr, { sourceColumns }: ActorsScope): boolean {
  let found = false
  mapExpr(
    expr,
    (part) => {
      if (part.kind === 'field' && part.chain[0] !== 'source' && !sourceColumns.includes(part.chain.join('.'))) found = true
      return undefined
    },
    undefined,
  )
  return found
}

/** What actors are ordered by where they are ordered by name. */
export function displayOrder(run: QueryRun, { groupTypeIndex, id }: ActorsScope): syntax.Expr {
  const names = groupTypeIndex === undefined ? run.facts.settings.person_display_name_properties : ['name']
  return displayName(names, [], build.call('toString', id))
}

export const isActorName = (name: string): boolean => [...actorNames, ...displayNames].includes(name)

function personCell([id]: unknown[], { persons }: Actors): unknown {
  const person = persons.get(String(id))
  if (!person) return { id }
  const { createdAt, isIdentified, properties, distinctIds = [] } = person
  return { id, distinct_ids: distinctIds, properties, created_at: createdAt, is_identified: isIdentified }
}

function groupCell(key: unknown, group_type_index: number, group: Group | undefined): unknown {
  if (!group) return { id: key, group_type_index }
  const { properties, createdAt } = group
  return { id: key, type: 'group', group_key: key, group_type_index, properties, group_properties: properties, created_at: createdAt }
}

function displayNameCell([id]: unknown[], { persons, groups }: Actors): unknown {
  const person = persons.get(String(id))
  const name = groups.get(String(id))?.properties.name
  const shown = person ? (displayNameOf(person) ?? person.distinctIds?.[0]) : typeof name === 'string' && name !== '' ? name : undefined
  return { display_name: shown ?? id, id }
}

/** The actors of these ids, as far as they exist. */
export async function loadActors(run: QueryRun, { groupTypeIndex }: ActorsScope, ids: string[]): Promise<Actors> {
  if (groupTypeIndex !== undefined) return { persons: new Map(), groups: await loadGroups(run, groupTypeIndex, ids) }
  const persons = await loadPersons(run, ids)
  await addDistinctIds(run, persons)
  return { persons, groups: new Map() }
}

async function addDistinctIds(run: QueryRun, persons: Map<string, Person>): Promise<void> {
  if (persons.size === 0) return
  const tree = build.select([build.field('person_id'), build.call('arraySort', build.call('groupArray', build.field('distinct_id')))], {
    from: { table: build.table('person_distinct_ids'), joins: [] },
    where: build.compare('in', build.field('person_id'), build.tuple([...persons.keys()].map(build.constant))),
    groupBy: build.groupBy(build.field('person_id')),
    limit: build.constant(persons.size),
  })
  const { rows } = await runQuery({ ...run, timings: [] }, tree)
  for (const [id, ids] of rows) {
    const person = persons.get(String(id))
    if (person) person.distinctIds = ids as string[]
  }
}

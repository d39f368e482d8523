import fc from 'fast-check'

/** Random HogQL over all tables: joins, subqueries, unions, windows and names that try to shadow. */
const name = fc.constantFrom('events', 'persons', 'stored', 'overrides', 'project_id', 'e', 'x', 'event')

const columns: Record<string, string[]> = {
  events: [
    'event',
    'distinct_id',
    'properties.word',
    'properties.number',
    'person_id',
    'person.properties.word',
    'poe.properties.word',
    'group_0.properties.word',
    'pdi.person_id',
    '$session_id',
    'properties.nested.word',
    'properties',
  ],
  persons: ['id', 'cohort.cohort_id', 'properties.word', 'properties.email', 'is_identified'],
  person_distinct_ids: ['distinct_id', 'person_id', 'person.properties.word'],
  groups: ['key', 'index', 'properties.word'],
  sessions: ['session_id', '$pageview_count', 'distinct_id'],
  cohort_people: ['person_id', 'cohort_id', 'person.properties.word'],
  static_cohort_people: ['person_id', 'cohort_id', 'person.properties.word'],
}

interface From {
  sql: string
  fields: string[]
}

const table = fc.tuple(fc.constantFrom(...Object.keys(columns)), name, fc.nat(999)).map(([from, alias, n]): From => {
  const as = `${alias}_${n}`
  return { sql: `${from} AS \`${as}\``, fields: (columns[from] ?? []).map((column) => `\`${as}\`.${column}`) }
})

const shadowed = fc
  .tuple(fc.constantFrom(...Object.keys(columns)), name)
  .map(
    ([from, alias]): From => ({ sql: `${from} AS \`${alias}\``, fields: (columns[from] ?? []).map((column) => `\`${alias}\`.${column}`) }),
  )

const subquery = fc.tuple(table, name, fc.nat(999)).chain(([inner, alias, n]) =>
  fc
    .tuple(fc.constantFrom(...inner.fields), fc.constantFrom('', ' LIMIT 5', ` WHERE ${inner.fields[0]} != ''`))
    .map(([column, tail]): From => {
      const as = `sub_${n}`
      return {
        sql: `(SELECT toString(${column}) AS \`${alias}\` FROM ${inner.sql}${tail === ' LIMIT 5' ? '' : tail}) AS ${as}`,
        fields: [`${as}.\`${alias}\``],
      }
    }),
)

const join = fc
  .tuple(table, table, fc.constantFrom('LEFT JOIN', 'INNER JOIN', 'RIGHT JOIN', 'FULL JOIN', 'LEFT ANY JOIN'))
  .chain(([left, right, kind]) =>
    fc.tuple(fc.constantFrom(...left.fields), fc.constantFrom(...right.fields)).map(
      ([a, b]): From => ({
        sql: `${left.sql} ${kind} ${right.sql} ON toString(${a}) = toString(${b})`,
        fields: [...left.fields, ...right.fields],
      }),
    ),
  )

const from = fc.oneof(
  { weight: 3, arbitrary: table },
  { weight: 2, arbitrary: shadowed },
  { weight: 2, arbitrary: subquery },
  { weight: 3, arbitrary: join },
)

function expression(fields: string[]): fc.Arbitrary<string> {
  const field = fc.constantFrom(...fields)
  return fc.oneof(
    { weight: 4, arbitrary: field },
    { weight: 1, arbitrary: field.map((of) => `upper(toString(${of}))`) },
    { weight: 1, arbitrary: field.map((of) => `if(${of} = 'own', 1, 2)`) },
    { weight: 1, arbitrary: field.map((of) => `length(toString(${of})) + 1`) },
    { weight: 1, arbitrary: field.map((of) => `_toInt64(if(toString(${of}) like '%SECRET%', 'boom', '1'))`) },
    { weight: 1, arbitrary: field.map((of) => `(SELECT count() FROM events WHERE distinct_id != toString('${of.length}'))`) },
    { weight: 1, arbitrary: field.map((of) => `${of} IN (SELECT distinct_id FROM person_distinct_ids)`) },
  )
}

function condition(fields: string[]): fc.Arbitrary<string> {
  const field = fc.constantFrom(...fields)
  return fc.oneof(
    field.map((of) => `${of} = 'SECRET' OR 1 = 1`),
    field.map((of) => `toUUID(toString(${of})) IN COHORT 1`),
    field.map((of) => `toUUID(toString(${of})) NOT IN COHORT 'static own cohort'`),
    field.map((of) => `NOT (toString(${of}) = 'own')`),
    field.map((of) => `toString(${of}) LIKE '%'`),
    field.map((of) => `toString(${of}) IN ('own', 'SECRET', 'own 0', 'acme')`),
    field.map((of) => `${of} IS NULL OR ${of} IS NOT NULL`),
    field.map((of) => `intDiv(1, if(toString(${of}) like '%SECRET%', 0, 1)) = 1`),
    fc.constant('1'),
  )
}

const plainSelect = from.chain(({ sql, fields }) =>
  fc
    .tuple(fc.array(fc.tuple(expression(fields), name), { minLength: 1, maxLength: 3 }), condition(fields), fc.boolean())
    .map(
      ([items, where, distinct]) =>
        `SELECT ${distinct ? 'DISTINCT ' : ''}${items.map(([item, alias], i) => `${item} AS \`${alias}${i}\``).join(', ')} FROM ${sql} WHERE ${where} LIMIT 5000`,
    ),
)

const aggregate = from.chain(({ sql, fields }) =>
  fc
    .tuple(
      fc.constantFrom(...fields),
      fc.constantFrom('count()', `arraySort(groupArray(toString(${fields[0]})))`, `uniq(${fields[0]})`, `max(toString(${fields.at(-1)}))`),
      condition(fields),
      name,
    )
    .map(
      ([group, what, where, alias]) =>
        `SELECT ${group} AS \`${alias}1\`, ${what} AS \`${alias}2\` FROM ${sql} WHERE ${where} GROUP BY ${group}`,
    ),
)

const union = fc
  .tuple(table, table)
  .map(([a, b]) => `SELECT toString(${a.fields[0]}) FROM ${a.sql} UNION ALL SELECT toString(${b.fields[1]}) FROM ${b.sql}`)

const cte = fc
  .tuple(name, table)
  .chain(([alias, inner]) =>
    fc
      .constantFrom(...inner.fields)
      .map(
        (column) =>
          `WITH \`${alias}\` AS (SELECT toString(${column}) AS value FROM ${inner.sql}) SELECT value, count() FROM \`${alias}\` GROUP BY value`,
      ),
  )

export const randomQuery: fc.Arbitrary<string> = fc.oneof(plainSelect, plainSelect, aggregate, union, cte)

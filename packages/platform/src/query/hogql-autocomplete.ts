import { type Completion, completionAt, hogqlIdentifier, type Suggestion } from '@hedgerow/hogql'
import { answerWithoutRows } from './account-of-run.ts'
import { invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import type { QueryRun } from './run-query.ts'

type Json = Record<string, unknown>

/** Suggestions that one answer holds; the rest is found by typing on. */
const mostSuggestions = 300

/** `HogQLAutocomplete`: what can stand at `endPosition` of a text that need not parse. */
export async function answerAutocomplete(run: QueryRun, node: Json): Promise<QueryResponse> {
  const { query, language = 'hogQL', endPosition } = node
  if (typeof query !== 'string') throw invalidQuery('HogQLAutocomplete needs its text in "query"')
  if (language !== 'hogQL' && language !== 'hogQLExpr')
    throw invalidQuery(`HogQLAutocomplete.language can be hogQL or hogQLExpr, not ${String(language)}`)
  const position = endPosition ?? query.length
  if (typeof position !== 'number' || !Number.isInteger(position) || position < 0)
    throw invalidQuery('HogQLAutocomplete.endPosition must be a place in the text, 0 or more')
  const completion = completionAt(query, Math.min(position, query.length), {
    groupTypes: run.facts.groupTypes,
    ...(language === 'hogQLExpr' ? { table: 'events' } : {}),
  })
  const known = await namesFor(run, completion)
  const suggestions = [...known, ...completion.suggestions]
  return {
    ...answerWithoutRows(run, ''),
    suggestions: suggestions.slice(0, mostSuggestions),
    incomplete_list: suggestions.length > mostSuggestions || known.length >= mostSuggestions,
  }
}

/** Names that begin with what was typed, then those that hold it. */
async function namesFor(run: QueryRun, { names, prefix }: Completion): Promise<Suggestion[]> {
  switch (names?.of) {
    case undefined:
      return []
    case 'properties': {
      const rows = await found<{ name: string; property_type: string | null; description: string | null }>(
        run,
        `SELECT name, property_type, description FROM property_definitions
         WHERE project_id = $1 AND type = $4 AND group_type_index = $5 AND NOT hidden AND position(lower($2) in lower(name)) > 0`,
        prefix,
        [names.scope, names.scope === 'group' ? (names.groupTypeIndex ?? 0) : -1],
      )
      return rows.map(({ name, property_type, description }) => suggestion(name, 'Property', property_type ?? 'String', description))
    }
    case 'cohorts': {
      const rows = await found<{ id: number; name: string }>(
        run,
        'SELECT id, name FROM cohorts WHERE project_id = $1 AND NOT deleted AND position(lower($2) in lower(name)) > 0',
        prefix,
      )
      return rows.map(({ id, name }) => ({ label: name, insertText: String(id), kind: 'Value', detail: `cohort ${id}` }))
    }
    case 'variables': {
      const rows = await found<{ code_name: string; name: string }>(
        run,
        'SELECT code_name, name FROM insight_variables WHERE project_id = $1 AND position(lower($2) in lower(code_name)) > 0',
        prefix,
      )
      return rows.map(({ code_name, name }) => suggestion(code_name, 'Variable', name))
    }
  }
}

async function found<Row extends { name: string }>(run: QueryRun, select: string, prefix: string, more: unknown[] = []): Promise<Row[]> {
  const { rows } = await run.stores.application.pool.query<Row>(
    `SELECT * FROM (${select}) AS found ORDER BY starts_with(lower(name), lower($2)) DESC, length(name), name LIMIT $3`,
    [run.facts.id, prefix, mostSuggestions, ...more],
  )
  return rows
}

function suggestion(name: string, kind: Suggestion['kind'], detail: string, documentation?: string | null): Suggestion {
  return { label: name, insertText: hogqlIdentifier(name), kind, detail, ...(documentation ? { documentation } : {}) }
}

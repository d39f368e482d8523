import type { Parser } from '@hedgerow/hogql'
import { answerActorsQuery } from './actors-query.ts'
import type { QueryResponse } from './query-response.ts'
import type { QueryRun } from './run-query.ts'

type Json = Record<string, unknown>

/** `PersonsNode`, from before `ActorsQuery`: persons by search, cohort, distinct id and properties. */
export async function answerPersonsNode(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  const { search, limit, offset, fixedProperties, cohort, distinctId } = node
  const given = Array.isArray(node.properties) ? node.properties : []
  const ofCohort = cohort === undefined || cohort === null ? [] : [{ type: 'cohort', key: 'id', value: cohort }]
  const query = { kind: 'ActorsQuery', select: ['person'], properties: [...given, ...ofCohort], fixedProperties, limit, offset }
  return answerActorsQuery(run, { ...query, search: typeof distinctId === 'string' && distinctId !== '' ? distinctId : search }, parser)
}

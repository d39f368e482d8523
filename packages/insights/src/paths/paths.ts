import { type Insight, invalidQuestion, type QueryNode } from '../context.ts'
import { shownRange } from '../dates/date-range.ts'
import { readObject, readText } from '../question/fields.ts'
import { actorsOfEdges, actorsOfEnd, compilePaths, type PathKey } from './compile.ts'
import { resolvePaths } from './resolve.ts'
import { shapePaths } from './shape.ts'

/** `PathsQuery`: the ways that people take through pages, screens and events. */
export const paths: Insight = {
  async answer(node, context, run) {
    const question = resolvePaths(node, context)
    const query = compilePaths(question)
    return { results: shapePaths(await run(query), question), query, resolved_date_range: shownRange(question.range) }
  },

  /** Those that the keys in the source's `pathsFilter` say: leaving a node, arriving at one, both, or stopping there. */
  async actors(node, _selection, context) {
    const question = resolvePaths(node, context)
    const { groupTypeIndex } = question.actor
    const { pathStartKey, pathEndKey, pathDropoffKey } = readObject(node.pathsFilter, 'pathsFilter') as QueryNode
    const end = readKey(pathDropoffKey, 'pathDropoffKey')
    const query = end
      ? actorsOfEnd(question, end)
      : actorsOfEdges(question, readKey(pathStartKey, 'pathStartKey'), readKey(pathEndKey, 'pathEndKey'))
    return { query, ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) }
  },
}

function readKey(given: unknown, name: string): PathKey | undefined {
  const key = readText(given, `pathsFilter.${name}`)
  if (key === undefined) return undefined
  const [, position, item] = /^(\d{1,4})_(.*)$/s.exec(key) ?? []
  if (position === undefined || item === undefined)
    throw invalidQuestion(`pathsFilter.${name} must be a node like 2_/pricing, not "${key}"`)
  return { position: Number(position), item }
}

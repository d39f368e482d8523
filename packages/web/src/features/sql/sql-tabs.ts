import { choiceOf, listOf, numberOf, rawOf, textOf } from '../../query-model/reading.ts'

/** A query that is being written. */
export interface SqlTab {
  id: string
  name: string
  text: string
  /** The saved insight that it came from, and what stands there. */
  saved?: { id: number; shortId: string; text: string } | undefined
  view: SqlView
  chart: SqlChart
  /** What variables are to have instead of their defaults, by their code names. */
  values?: Record<string, string> | undefined
}

export const sqlViews = ['rows', 'chart', 'cost'] as const
export type SqlView = (typeof sqlViews)[number]

export const chartShapes = ['line', 'bar', 'area', 'number'] as const

/** How rows are drawn; columns that are not named are chosen from the answer. */
export interface SqlChart {
  shape: (typeof chartShapes)[number]
  x?: string | undefined
  y?: string[] | undefined
}

export interface SqlTabs {
  tabs: SqlTab[]
  activeId: string
}

// limit: what a browser keeps for one site is a few megabytes.
const mostTabs = 40
const longestText = 200_000

export const firstQuery = `SELECT event, count() AS events, uniq(person_id) AS people
FROM events
WHERE timestamp > now() - INTERVAL 7 DAY
GROUP BY event
ORDER BY events DESC
LIMIT 100
`

export const newTab = (id: string, fields: Partial<Omit<SqlTab, 'id'>> = {}): SqlTab => ({
  id,
  name: '',
  text: '',
  view: 'rows',
  chart: { shape: 'line' },
  ...fields,
})

/** What was kept by an earlier visit; one tab with an example where there is nothing that can be read. */
export function readTabs(kept: unknown, freshId: string): SqlTabs {
  const raw = rawOf(kept)
  const tabs = listOf(raw.tabs).flatMap((each): SqlTab[] => {
    const id = textOf(each.id)
    if (id === undefined || typeof each.text !== 'string') return []
    const saved = rawOf(each.saved)
    const [savedId, shortId] = [numberOf(saved.id), textOf(saved.shortId)]
    const chart = rawOf(each.chart)
    return [
      newTab(id, {
        name: textOf(each.name) ?? '',
        text: each.text.slice(0, longestText),
        view: choiceOf(each.view, sqlViews) ?? 'rows',
        chart: readChart(chart),
        values: readValues(each.values),
        ...(savedId === undefined || shortId === undefined
          ? {}
          : { saved: { id: savedId, shortId, text: typeof saved.text === 'string' ? saved.text : '' } }),
      }),
    ]
  })
  const first = tabs[0] ?? newTab(freshId, { text: firstQuery })
  const activeId = textOf(raw.activeId)
  return {
    tabs: tabs.length === 0 ? [first] : tabs.slice(0, mostTabs),
    activeId: tabs.some(({ id }) => id === activeId) && activeId !== undefined ? activeId : first.id,
  }
}

function readValues(value: unknown): Record<string, string> | undefined {
  const texts = Object.entries(rawOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return texts.length > 0 ? Object.fromEntries(texts) : undefined
}

function readChart(raw: Record<string, unknown>): SqlChart {
  const y = Array.isArray(raw.y) ? raw.y.filter((each): each is string => typeof each === 'string') : undefined
  return { shape: choiceOf(raw.shape, chartShapes) ?? 'line', x: textOf(raw.x), ...(y && y.length > 0 ? { y } : {}) }
}

export const activeTab = ({ tabs, activeId }: SqlTabs): SqlTab => {
  const tab = tabs.find(({ id }) => id === activeId) ?? tabs[0]
  if (!tab) throw new Error('there is always a tab')
  return tab
}

export const changeTab = (state: SqlTabs, id: string, change: Partial<SqlTab>): SqlTabs => ({
  ...state,
  tabs: state.tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)),
})

export const activate = (state: SqlTabs, id: string): SqlTabs => ({ ...state, activeId: id })

/** Opens a tab beside the others; the oldest goes where there are too many. */
export const addTab = (state: SqlTabs, tab: SqlTab): SqlTabs => ({
  tabs: [...state.tabs.slice(Math.max(0, state.tabs.length - mostTabs + 1)), tab],
  activeId: tab.id,
})

/** The neighbour becomes active; the last one leaves an empty tab. */
export function closeTab(state: SqlTabs, id: string, freshId: string): SqlTabs {
  const place = state.tabs.findIndex((tab) => tab.id === id)
  if (place < 0) return state
  const tabs = state.tabs.filter((tab) => tab.id !== id)
  const next = tabs[Math.min(place, tabs.length - 1)]
  if (!next) return { tabs: [newTab(freshId)], activeId: freshId }
  return { tabs, activeId: state.activeId === id ? next.id : state.activeId }
}

/** Shows a text: in the tab that has it, else in a tab that is still empty or untouched, else in a new one. */
export function openText(state: SqlTabs, text: string, freshId: string, fields: Partial<SqlTab> = {}): SqlTabs {
  const same = state.tabs.find(
    (tab) => (fields.saved && tab.saved?.shortId === fields.saved.shortId) || (!fields.saved && tab.text.trim() === text.trim()),
  )
  if (same) return activate(state, same.id)
  const tab = newTab(freshId, { ...fields, text })
  const free = state.tabs.find((each) => !each.saved && each.name === '' && (each.text.trim() === '' || each.text === firstQuery))
  // why: a tab of its own, since the editor keeps the text and the history of a tab that it knows.
  if (free) return { tabs: state.tabs.map((each) => (each === free ? tab : each)), activeId: tab.id }
  return addTab(state, tab)
}

/** The beginning of a text, cut between words. */
function beginning(text: string, most: number): string {
  if (text.length <= most) return text
  const end = text.slice(0, most + 1).search(/\W+\w*$/)
  return end > 0 ? text.slice(0, end) : `${text.slice(0, most - 1)}…`
}

/** What a tab is called: its own name, else the beginning of what it asks. */
export function tabName(tab: SqlTab): string {
  if (tab.name !== '') return tab.name
  const words = tab.text
    .replace(/--[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (words === '') return 'New query'
  const from = /\bfrom\s+([\w.`]+)/i.exec(words)?.[1]
  if (from === undefined) return beginning(words, 24)
  const first = /^select\s+(\S+)/i.exec(words)?.[1]?.replace(/,$|\([^)]*$/, '') ?? 'Query'
  return `${beginning(first, 14)} … ${from}`
}

export const isUnsaved = (tab: SqlTab): boolean => tab.saved !== undefined && tab.saved.text !== tab.text

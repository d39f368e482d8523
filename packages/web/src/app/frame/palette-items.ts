/** Something the palette can do: go somewhere, or change something. */
export interface PaletteItem {
  id: string
  group: PaletteGroup
  label: string
  /** At the end of the row: a shortcut, or what kind of thing it is. */
  hint?: string | undefined
  /** Other words by which it is found. */
  words?: string | undefined
  run: () => void
}

export const paletteGroups = [
  'Go to',
  'Do',
  'Insights',
  'Dashboards',
  'Flags',
  'Experiments',
  'Persons',
  'Cohorts',
  'Actions',
  'Events',
  'Properties',
  'Projects',
] as const
export type PaletteGroup = (typeof paletteGroups)[number]

/** Without anything typed a few groups would drown the rest. */
const shownUnasked: readonly PaletteGroup[] = ['Go to', 'Do', 'Insights']
// limit: more of a group than this is a list, which has a page of its own.
const mostInGroup = 7

/**
 * The items that match, best first, in groups. Every word typed has to begin a word of the item or stand somewhere in it; what the
 * server found for what is typed matches and is kept. Found for `foundFor`, where more was typed since, it has to match, too.
 */
export function findItems(
  items: readonly PaletteItem[],
  typed: string,
  found: readonly PaletteItem[],
  foundFor = typed.trim(),
): { group: PaletteGroup; items: PaletteItem[] }[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const ranked = items
    .map((item) => ({ item, rank: rankOf(item, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .map(({ item }) => item)
  const isFoundForThis = foundFor === typed.trim()
  const all = [...ranked, ...found.filter((item) => isFoundForThis || rankOf(item, words) > 0)]
  return paletteGroups
    .filter((group) => words.length > 0 || shownUnasked.includes(group))
    .map((group) => ({
      group,
      items: all.filter((item) => item.group === group).slice(0, group === 'Go to' || group === 'Do' ? 20 : mostInGroup),
    }))
    .filter(({ items: each }) => each.length > 0)
}

function rankOf({ label, words = '' }: PaletteItem, typed: readonly string[]): number {
  const own = label.toLowerCase()
  const other = words.toLowerCase()
  let rank = 1
  for (const word of typed) {
    if (own.startsWith(word)) rank += 4
    else if (new RegExp(`\\b${escaped(word)}`).test(own)) rank += 3
    else if (other.includes(word)) rank += 2
    else if (own.includes(word)) rank += 1
    else return 0
  }
  return rank
}

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

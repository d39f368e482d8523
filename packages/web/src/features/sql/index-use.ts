/** How far the indices of a table narrow down what is read of it, as the engine's plan tells. */
export interface IndexUse {
  table: string
  /** Blocks of rows that are read, out of those that there are. */
  blocks: number
  of: number
  /** What left blocks out, in the order in which the engine asks. */
  by: { words: string; leftOut: number }[]
  /** No condition goes by the order in which the rows are stored, beyond the project. */
  isWhole: boolean
}

/** What an index of the engine goes by, in words. */
const indexWords: Readonly<Record<string, string>> = {
  'Min-Max': 'the range of time',
  MinMax: 'the range of time',
  Partition: 'the month',
  PrimaryKey: 'the order of the rows',
  Skip: 'a skipping index',
}

/** Reads the parts of a plan that tell of indices: `ReadFromMergeTree (default.events)`, then under `Indexes:` each with `Keys:` and `Granules: 15/57`. */
export function indexUses(plan: readonly string[]): IndexUse[] {
  const uses: IndexUse[] = []
  let index = ''
  let keys: string[] = []
  let isKey = false
  for (const line of plan) {
    const text = line.replace(/^[\s│└─├]+/, '').trim()
    const table = /^ReadFromMergeTree \((?:.*\.)?([^.)]+)\)/.exec(text)?.[1]
    if (table !== undefined) uses.push({ table, blocks: 0, of: 0, by: [], isWhole: true })
    const use = uses.at(-1)
    if (!use) continue
    if (Object.hasOwn(indexWords, text)) [index, keys, isKey] = [text, [], false]
    else if (text === 'Keys:') isKey = true
    else if (/^(Condition|Parts|Description|Name):/.test(text)) isKey = false
    else if (isKey && text !== '') keys.push(text)
    const granules = /^Granules: (\d+)\/(\d+)$/.exec(text)
    if (granules && index !== '') {
      const [left, before] = [Number(granules[1]), Number(granules[2])]
      if (use.of === 0) use.of = before
      use.blocks = left
      if (left < before) use.by.push({ words: wordsOf(index, keys), leftOut: before - left })
      if (keys.some((key) => key !== 'project_id')) use.isWhole = false
      index = ''
    }
  }
  return uses.filter(({ of }) => of > 0)
}

function wordsOf(index: string, keys: readonly string[]): string {
  const by = keys.filter((key) => key !== 'project_id' && !key.startsWith('toYYYYMM'))
  return index === 'PrimaryKey' && by.length > 0 ? `${indexWords[index]} (${by.join(', ')})` : (indexWords[index] ?? index)
}

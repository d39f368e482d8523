export interface DiffLine {
  text: string
  /** `same` on both sides; `only` on this side; `gap` stands for lines left out, which are the same on both. */
  kind: 'same' | 'only' | 'gap'
}

/** Lines around a difference that are shown, although they are the same. */
const context = 3
/** limit: of longer texts no lines are matched, since that takes time in proportion to their product. */
const maxLines = 1_500

/** Two texts line by line: what stands on one side only, a little around it, and gaps for the rest. */
export function lineDiff(before: string, after: string): { before: DiffLine[]; after: DiffLine[] } {
  const [old, young] = [before.split('\n'), after.split('\n')]
  const common = old.length > maxLines || young.length > maxLines ? [] : commonLines(old, young)
  const sides = {
    before: marked(old, new Set(common.map(([at]) => at))),
    after: marked(young, new Set(common.map(([, at]) => at))),
  }
  // why: a gap leaves out the same lines on both sides, so that they stay beside each other.
  const isFar = common.map(([at, other]) => isFarFromChange(sides.before, at) && isFarFromChange(sides.after, other))
  return {
    before: withGaps(sides.before, new Set(common.filter((_, index) => isFar[index]).map(([at]) => at))),
    after: withGaps(sides.after, new Set(common.filter((_, index) => isFar[index]).map(([, at]) => at))),
  }
}

const marked = (lines: readonly string[], common: ReadonlySet<number>): DiffLine[] =>
  lines.map((text, at) => ({ text, kind: common.has(at) ? 'same' : 'only' }))

const isFarFromChange = (lines: readonly DiffLine[], at: number): boolean =>
  lines.slice(Math.max(0, at - context), at + context + 1).every(({ kind }) => kind === 'same')

function withGaps(lines: readonly DiffLine[], far: ReadonlySet<number>): DiffLine[] {
  const shown: DiffLine[] = []
  for (const [at, line] of lines.entries()) {
    if (!far.has(at)) shown.push(line)
    else if (!far.has(at - 1)) shown.push({ text: '⋯', kind: 'gap' })
  }
  return shown
}

/** The longest sequence of lines that both have, as pairs of places. */
function commonLines(old: readonly string[], young: readonly string[]): [number, number][] {
  const width = young.length + 1
  const lengths = new Uint16Array((old.length + 1) * width)
  const at = (i: number, j: number) => lengths[i * width + j] as number
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      lengths[i * width + j] = old[i] === young[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < old.length && j < young.length; ) {
    if (old[i] === young[j]) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return pairs
}

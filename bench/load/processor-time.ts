import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of the kernel's clock in a second, as /proc counts; the same on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Thread id → its name and the processor seconds it has used. Empty where there is no /proc. */
function threadsOf(pid: number): Map<string, { name: string; seconds: number }> {
  const threads = new Map<string, { name: string; seconds: number }>()
  const folder = `/proc/${pid}/task`
  for (const id of readdirSync(folder)) {
    try {
      const text = readFileSync(`${folder}/${id}/stat`, 'utf8')
      const nameEnd = text.lastIndexOf(')')
      const fields = text.slice(nameEnd + 2).split(' ')
      threads.set(id, {
        name: text.slice(text.indexOf('(') + 1, nameEnd),
        seconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      })
    } catch (error) {
      // A thread may end between the two looks.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  return threads
}

/**
 * Begins to count; the function it answers gives the processor seconds used since, largest first. Threads of Node (the main one,
 * ingestion, Postgres) are told apart by their ids, those of a pool or of the engine are summed up by their names.
 */
export function countProcessorTime(pid: number): () => { name: string; seconds: number }[] {
  const before = threadsOf(pid)
  return () => {
    const sums = new Map<string, number>()
    for (const [id, { name, seconds }] of threadsOf(pid)) {
      const used = seconds - (before.get(id)?.seconds ?? 0)
      const isOfNode = /^(node|MainThread|WorkerThread)$/.test(name)
      const key = isOfNode && used > 0.5 ? `${name} ${Number(id) - pid}` : name
      sums.set(key, (sums.get(key) ?? 0) + used)
    }
    return [...sums].map(([name, seconds]) => ({ name, seconds })).sort((a, b) => b.seconds - a.seconds)
  }
}

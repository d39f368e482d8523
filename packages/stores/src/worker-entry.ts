import { createRequire } from 'node:module'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts `name` (a file beside `importerUrl`, without extension) as a worker thread: built files run as they are,
 * sources (in tests and development) through tsx.
 */
export function startWorkerThread(name: string, importerUrl: string, options: WorkerOptions): Worker {
  if (!importerUrl.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, importerUrl), options)
  // why: on Node 20 `--import tsx` in a worker's execArgv does not reach the loader of its entry file.
  const tsx = createRequire(importerUrl).resolve('tsx/esm/api').replace(/cjs$/, 'mjs')
  const entry = new URL(`./${name}.ts`, importerUrl).href
  const code = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}) })`
  return new Worker(code, { ...options, eval: true })
}

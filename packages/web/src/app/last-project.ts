const key = 'hedgerow.last-project'

/** The project this browser showed last, if it may still be seen; else the first one. */
export function chooseProject(available: readonly number[], remembered: number | undefined): number | undefined {
  return remembered !== undefined && available.includes(remembered) ? remembered : available[0]
}

export function rememberProject(projectId: number): void {
  withStorage((storage) => storage.setItem(key, String(projectId)))
}

export function rememberedProject(): number | undefined {
  const text = withStorage((storage) => storage.getItem(key))
  return text && /^\d+$/.test(text) ? Number(text) : undefined
}

/** Storage can be forbidden or full; what is remembered there is a convenience only. */
function withStorage<Value>(use: (storage: Storage) => Value): Value | undefined {
  try {
    return use(window.localStorage)
  } catch (error) {
    if (error instanceof DOMException) return undefined
    throw error
  }
}

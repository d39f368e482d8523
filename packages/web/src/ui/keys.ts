/** `⌘K` where there is such a key, `Ctrl K` elsewhere. */
export function withCommand(key: string, platform = globalThis.navigator?.platform ?? ''): string {
  return /^(Mac|iP)/.test(platform) ? `⌘${key}` : `Ctrl ${key}`
}

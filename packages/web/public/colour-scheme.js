// Runs before the first paint, so that a dark page never flashes white. A file of its own: a content security policy may forbid inline scripts.
;(() => {
  let chosen = 'auto'
  try {
    chosen = localStorage.getItem('hedgerow.colour-scheme') || 'auto'
  } catch (_) {
    // Storage can be forbidden; the system's scheme is used then.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()

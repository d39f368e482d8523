/**
 * Puts text on the clipboard; answers whether that worked. On plain http (a server in one's own network) browsers
 * withhold the clipboard's interface, so the older way through a selected text field is tried as well.
 */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    const written = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    if (written) return true
  }
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  // why: inside the open dialog, if there is one: its focus trap would take the focus back from the page's body.
  const holder = document.activeElement?.closest('[role="dialog"]') ?? document.body
  const before = document.activeElement
  holder.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return copied
}

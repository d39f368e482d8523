import { CloseButton } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { CheckIcon, WarningIcon } from './icons.tsx'
import classes from './toasts.module.css'

interface Toast {
  id: number
  tone: 'done' | 'failed'
  text: string
}

const shownForMs = 5000
let toasts: Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function change(next: Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

/** Says for a few seconds, in the corner, that something was done; a failure stays until it is dismissed. */
export function toast(text: string, tone: Toast['tone'] = 'done') {
  const id = nextId++
  change([...toasts.slice(-3), { id, tone, text }])
  if (tone === 'done') setTimeout(() => dismiss(id), shownForMs)
}

function dismiss(id: number) {
  change(toasts.filter((each) => each.id !== id))
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <section className={classes.corner} aria-live="polite" aria-label="Notices">
      {shown.map(({ id, tone, text }) => (
        <div key={id} className={classes.toast} data-tone={tone}>
          <span className={classes.icon}>{tone === 'done' ? <CheckIcon size={16} /> : <WarningIcon size={16} />}</span>
          <span className={classes.text}>{text}</span>
          <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </section>
  )
}

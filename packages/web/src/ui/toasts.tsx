import { Button, CloseButton } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { describeError } from '../api-client/errors.ts'
import { CheckIcon, WarningIcon } from './icons.tsx'
import classes from './toasts.module.css'

interface Toast {
  id: number
  tone: 'done' | 'failed'
  text: string
  undo?: (() => Promise<unknown>) | undefined
  /** Somewhere to go on from it. */
  onward?: { label: string; go: () => unknown } | undefined
}

const shownForMs = 5000
// limit: how long something can be undone from its notice; long enough to read it and move there.
const undoableForMs = 10_000
let toasts: Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function change(next: Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

/** Says for a few seconds, in the corner, that something was done; a failure stays until it is dismissed. */
export function toast(text: string, tone: Toast['tone'] = 'done', undo?: () => Promise<unknown>, onward?: Toast['onward']) {
  const id = nextId++
  change([...toasts.slice(-3), { id, tone, text, undo, onward }])
  if (tone === 'done') setTimeout(() => dismiss(id), undo || onward ? undoableForMs : shownForMs)
}

async function takeBack({ id, undo }: Toast) {
  dismiss(id)
  try {
    await undo?.()
  } catch (error) {
    toast(`That could not be undone: ${describeError(error).cause}`, 'failed')
  }
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
      {shown.map((each) => (
        <div key={each.id} className={classes.toast} data-tone={each.tone}>
          <span className={classes.icon}>{each.tone === 'done' ? <CheckIcon size={16} /> : <WarningIcon size={16} />}</span>
          <span className={classes.text}>{each.text}</span>
          {(each.undo || each.onward) && (
            <span className={classes.actions} data-two={each.undo !== undefined && each.onward !== undefined}>
              {each.undo && (
                <Button size="compact-sm" variant="light" onClick={() => void takeBack(each)}>
                  Undo
                </Button>
              )}
              {each.onward && (
                <Button
                  size="compact-sm"
                  variant="light"
                  onClick={() => {
                    dismiss(each.id)
                    each.onward?.go()
                  }}
                >
                  {each.onward.label}
                </Button>
              )}
            </span>
          )}
          <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(each.id)} />
        </div>
      ))}
    </section>
  )
}

import type { KeyboardEvent, PointerEvent } from 'react'
import classes from './splitter.module.css'

interface SplitterProps {
  /** What gets larger and smaller: the part before the splitter. */
  label: string
  /** Whether the parts stand beside each other or one above the other. */
  parts: 'beside' | 'above'
  valuePx: number
  leastPx: number
  mostPx: number
  onValue: (px: number) => void
  /** Back to how it was at first, by a double click. */
  onReset: () => void
}

const stepPx = 24

/** The line between two parts of a page, moved by the pointer or with arrows. */
export function Splitter({ label, parts, valuePx, leastPx, mostPx, onValue, onReset }: SplitterProps) {
  const put = (px: number) => onValue(Math.round(Math.min(mostPx, Math.max(leastPx, px))))
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const before = event.currentTarget.previousElementSibling
    if (!before || !event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = before.getBoundingClientRect()
    put(parts === 'beside' ? event.clientX - box.left : event.clientY - box.top)
  }
  const press = (event: KeyboardEvent) => {
    const [less, more] = parts === 'beside' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    const to = { [less]: valuePx - stepPx, [more]: valuePx + stepPx, Home: leastPx, End: mostPx }[event.key]
    if (to === undefined) return
    event.preventDefault()
    put(to)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that can be moved is no thematic break
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={parts === 'beside' ? 'vertical' : 'horizontal'}
      aria-valuenow={valuePx}
      aria-valuemin={leastPx}
      aria-valuemax={mostPx}
      className={classes.splitter}
      data-parts={parts}
      onPointerDown={begin}
      onPointerMove={follow}
      onKeyDown={press}
      onDoubleClick={onReset}
    />
  )
}

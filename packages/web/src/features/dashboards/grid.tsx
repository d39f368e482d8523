import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import classes from './dashboards.module.css'
import { columnCount, type Place, type Placed, rearranged } from './layout.ts'

const rowPx = 56
const gapPx = 16

interface GridProps {
  places: readonly Placed[]
  isEditing: boolean
  /** When a tile was let go. */
  onPlaces: (places: Placed[]) => void
  /** `grip` is what a tile is moved by; it is undefined while the layout is not edited. */
  tile: (place: Placed, grip: GripProps | undefined) => ReactNode
}

/** What makes an element the grip of a tile: for pointer and keyboard. */
export interface GripProps {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

interface Gesture {
  id: number
  kind: 'move' | 'size'
  fromX: number
  fromY: number
  start: Place
}

/** Tiles on twelve columns, moved by their grip and sized by their corner; on a phone one below the other. */
export function Grid({ places, isEditing, onPlaces, tile }: GridProps) {
  const element = useRef<HTMLDivElement>(null)
  const gesture = useRef<Gesture>(undefined)
  const [preview, setPreview] = useState<Placed[]>()
  const [heldId, setHeldId] = useState<number>()
  const shown = preview ?? places

  const begin = (kind: Gesture['kind'], place: Placed) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    gesture.current = { id: place.id, kind, fromX: event.clientX, fromY: event.clientY, start: place }
    setHeldId(place.id)
  }
  const follow = (event: PointerEvent<HTMLElement>) => {
    const held = gesture.current
    const widthPx = element.current?.clientWidth
    if (!held || !widthPx) return
    const dx = Math.round((event.clientX - held.fromX) / ((widthPx + gapPx) / columnCount))
    const dy = Math.round((event.clientY - held.fromY) / (rowPx + gapPx))
    const { start } = held
    const change =
      held.kind === 'move' ? { x: start.x + dx, y: start.y + dy } : { w: Math.min(start.w + dx, columnCount - start.x), h: start.h + dy }
    setPreview(rearranged(places, held.id, change))
  }
  const end = () => {
    if (gesture.current && preview) onPlaces(preview)
    gesture.current = undefined
    setHeldId(undefined)
    setPreview(undefined)
  }
  const step = (place: Placed) => (event: KeyboardEvent<HTMLElement>) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (!direction) return
    event.preventDefault()
    const [dx = 0, dy = 0] = direction
    // why: one step down changes nothing while the tile below is in the way of it alone.
    const below = dy > 0 ? Math.min(...places.filter(({ y }) => y >= place.y + place.h).map(({ h }) => h), 20) : 0
    const change = event.shiftKey
      ? { w: Math.min(place.w + dx, columnCount - place.x), h: place.h + dy }
      : { x: place.x + dx, y: place.y + (dy > 0 ? below : dy) }
    onPlaces(rearranged(places, place.id, change))
  }
  // why: the pointer is captured by the grip, so that its moves come here wherever it is.
  const tracked = { onPointerMove: follow, onPointerUp: end, onPointerCancel: end }

  return (
    <div ref={element} className={classes.grid} data-editing={isEditing} {...tracked}>
      {[...shown]
        .sort((one, other) => one.id - other.id)
        .map((place) => (
          <div key={place.id} className={classes.cell} data-held={heldId === place.id} style={cellStyle(place)}>
            {tile(place, isEditing ? { onPointerDown: begin('move', place), onKeyDown: step(place) } : undefined)}
            {isEditing && <span className={classes.corner} aria-hidden="true" onPointerDown={begin('size', place)} />}
          </div>
        ))}
    </div>
  )
}

function cellStyle({ x, y, w, h }: Place): CSSProperties {
  return {
    '--column': `${x + 1} / span ${w}`,
    '--row': `${y + 1} / span ${h}`,
    '--order': y * columnCount + x,
    '--height': `${tileHeightPx(h)}px`,
  } as CSSProperties
}

export const tileHeightPx = (h: number) => h * rowPx + (h - 1) * gapPx

import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { navigation } from '../navigation.ts'

// limit: how long after `g` the second key counts.
const pairWithinMs = 1200

/** `g` and then a letter goes to a page: `g l` to live events. Not while typing, and never with a modifier. */
export function useGoKeys(projectId: number | undefined) {
  const navigate = useNavigate()
  useEffect(() => {
    if (projectId === undefined) return
    let begunAtMs = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (event.key === 'g') {
        begunAtMs = event.timeStamp
        return
      }
      const item = navigation.flatMap(({ items }) => items).find(({ key }) => key === event.key)
      if (item && begunAtMs > 0 && event.timeStamp - begunAtMs < pairWithinMs) {
        event.preventDefault()
        void navigate({ to: item.to, params: { projectId } })
      }
      begunAtMs = 0
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [projectId, navigate])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
}

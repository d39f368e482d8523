import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isTyping } from '../../ui/typing.ts'
import { navigation } from '../navigation.ts'

// limit: how long after `g` the second key counts.
const pairWithinMs = 1200

interface Doing {
  onPalette: () => void
  onHelp: () => void
}

/** `⌘K` finds, `?` helps, `g` and then a letter goes to a page: `g l` to live events. But for `⌘K`, not while typing. */
export function useGoKeys(projectId: number | undefined, { onPalette, onHelp }: Doing) {
  const navigate = useNavigate()
  useEffect(() => {
    let begunAtMs = 0
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        onPalette()
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') onHelp()
      if (event.key === 'g') {
        begunAtMs = event.timeStamp
        return
      }
      const item = navigation.flatMap(({ items }) => items).find(({ key }) => key === event.key)
      if (item && projectId !== undefined && begunAtMs > 0 && event.timeStamp - begunAtMs < pairWithinMs) {
        event.preventDefault()
        // why: the page's own keys are single letters, and must not hear the second half of a pair.
        event.stopImmediatePropagation()
        void navigate({ to: item.to, params: { projectId } })
      }
      begunAtMs = 0
    }
    // why: before the page's own listeners, which stand on the same window.
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [projectId, navigate, onPalette, onHelp])
}

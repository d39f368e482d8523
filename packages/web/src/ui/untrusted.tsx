import classes from './untrusted.module.css'
import { visibleText } from './visible-text.ts'

interface UntrustedProps {
  children: string
  mono?: boolean
  /** Cut with an ellipsis at the end of the line (the default), or broken anywhere over several lines. */
  lines?: 'one' | 'many'
}

/**
 * Text that came with an event: any length, any direction, any characters. Isolated, so that a right-to-left or overriding
 * character cannot turn what stands beside it; empty and blank text is made visible.
 */
export function Untrusted({ children, mono = false, lines = 'one' }: UntrustedProps) {
  const className = [classes.text, mono ? classes.mono : '', lines === 'one' ? classes.one : classes.many].join(' ')
  if (children === '') return <span className={classes.blank}>empty</span>
  if (children.trim() === '')
    return <span className={classes.blank}>{`${children.length} blank ${children.length === 1 ? 'character' : 'characters'}`}</span>
  const shown = visibleText(lines === 'one' && children.length > 300 ? `${children.slice(0, 300)}…` : children, lines)
  return (
    <bdi
      className={className}
      dir="auto"
      title={lines === 'one' && children.length > 24 ? visibleText(children.slice(0, 1000), 'many') : undefined}
    >
      {shown}
    </bdi>
  )
}

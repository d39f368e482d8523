import { eventColour, eventShape } from './event-name.ts'

/** The hedge: strokes of differing height and one berry. Hidden from assistive technology; the name stands beside it. */
export function HedgerowMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#245c3c" />
      <g fill="none" stroke="#e9f3ea" strokeWidth="3" strokeLinecap="round">
        <path d="M7.5 23.5v-4M13.2 23.5V12M18.8 23.5v-7M24.5 23.5v-14" />
      </g>
      <circle cx="18.8" cy="10" r="2.2" fill="#f0707d" />
    </svg>
  )
}

/** A small mark before an event's name: its shape tells the kind, its colour the name. */
export function EventMark({ name, size = 12 }: { name: string; size?: number }) {
  const colour = eventColour(name)
  const shape = eventShape(name)
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      {shape === 'view' && <rect x="1.5" y="2.5" width="9" height="7" rx="1.5" fill="none" stroke={colour} strokeWidth="1.6" />}
      {shape === 'action' && <path d="M2.5 1.5 10 5.2 6.7 6.5 5.3 10z" fill={colour} />}
      {shape === 'identity' && <path d="m6 1.2 4.8 4.8L6 10.8 1.2 6z" fill={colour} />}
      {shape === 'flag' && <path d="M3 11V1.5h7L8 4.5l2 3H3" fill="none" stroke={colour} strokeWidth="1.6" strokeLinejoin="round" />}
      {shape === 'fault' && <path d="M6 1.2 11 10.3H1z" fill="var(--berry)" />}
      {shape === 'own' && <circle cx="6" cy="6" r="4" fill={colour} />}
    </svg>
  )
}

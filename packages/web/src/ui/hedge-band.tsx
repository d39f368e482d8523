import classes from './hedge-band.module.css'

const strokes = Array.from({ length: 160 }, (_, index) => {
  // A quiet landscape: two long waves and a little growth of its own for each stroke.
  const wave = Math.sin(index / 11) * 16 + Math.sin(index / 4.3) * 9
  const growth = ((index * 7919) % 23) - 8
  return { x: 8 + index * 13, height: Math.max(14, 46 + wave + growth), berry: index % 19 === 7 }
})

/** A hedgerow along the bottom of a page that has little else on it. */
export function HedgeBand() {
  return (
    <svg className={classes.band} viewBox="0 0 2080 120" preserveAspectRatio="xMinYMax slice" aria-hidden="true" focusable="false">
      {strokes.map(({ x, height, berry }) => (
        <g key={x}>
          <path d={`M${x} 118v-${height.toFixed(1)}`} className={classes.stroke} />
          {berry && <circle cx={x} cy={118 - height - 11} r="4" className={classes.berry} />}
        </g>
      ))}
    </svg>
  )
}

import classes from './experiments.module.css'

interface IntervalPlotProps {
  interval: [number, number] | null
  effect: number | null | undefined
  /** The axis reaches from minus this to plus this. */
  reach: number
  tone: 'better' | 'worse' | 'open'
  description: string
}

const width = 240
const height = 28

/** An effect and its interval about zero; what does not fit is cut, with an arrow. */
export function IntervalPlot({ interval, effect, reach, tone, description }: IntervalPlotProps) {
  const x = (value: number) => ((Math.max(-reach, Math.min(reach, value)) + reach) / (2 * reach)) * width
  return (
    <svg className={classes.plot} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={description} preserveAspectRatio="none">
      <line x1={width / 2} x2={width / 2} y1="0" y2={height} className={classes.zero} />
      {interval && (
        <>
          <rect
            x={x(interval[0])}
            width={Math.max(2, x(interval[1]) - x(interval[0]))}
            y={height / 2 - 6}
            height="12"
            rx="6"
            className={classes.bar}
            data-tone={tone}
          />
          {typeof effect === 'number' && (
            <line x1={x(effect)} x2={x(effect)} y1="5" y2={height - 5} className={classes.point} data-tone={tone} />
          )}
          {interval[0] < -reach && <path d={`M8 ${height / 2 - 4}l-6 4 6 4`} className={classes.cut} />}
          {interval[1] > reach && <path d={`M${width - 8} ${height / 2 - 4}l6 4-6 4`} className={classes.cut} />}
        </>
      )}
    </svg>
  )
}

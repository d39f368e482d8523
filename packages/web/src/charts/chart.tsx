import { useComputedColorScheme } from '@mantine/core'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef, useState } from 'react'
import classes from './chart.module.css'

/** Reads a colour of the design language, e.g. `ink-faint`, as it stands in the present scheme. */
export type Palette = (token: string) => string

/** Where a chart was clicked: a place on its category axis and the value there, or the thing that was hit. */
export interface ChartHit {
  /** Of the category axis. */
  index?: number | undefined
  /** On the value axis. */
  value?: number | undefined
  /** The id of the series that was hit. */
  seriesId?: string | undefined
  /** The name of the slice, bar or country that was hit. */
  name?: string | undefined
}

interface ChartProps {
  /** What the chart says, in a sentence, for those who cannot see it. */
  description: string
  heightPx: number
  /** Made anew when the colour scheme changes. Names in it are never read as markup: tooltips are rich text or elements. */
  option: (palette: Palette) => EChartsCoreOption
  /** SVG is sharp and small; a canvas stays quick with thousands of points, and can be saved as a picture. */
  renderer?: 'svg' | 'canvas'
  onHit?: ((hit: ChartHit) => void) | undefined
  /** Called with the chart when it is there, and with nothing when it is gone. */
  onChart?: ((chart: EChartsType | undefined) => void) | undefined
  /** Loaded before the first drawing, for instance a map. */
  prepare?: (() => Promise<void>) | undefined
}

/** A chart, drawn once its library is there, in the colours of the present scheme, as wide as its place. */
export function Chart({ description, heightPx, option, renderer = 'svg', onHit, onChart, prepare }: ChartProps) {
  const scheme = useComputedColorScheme('light')
  const place = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<EChartsType>()
  const [isFailed, setFailed] = useState(false)
  const hit = useRef(onHit)
  hit.current = onHit

  useEffect(() => {
    const element = place.current
    if (!element) return
    let made: EChartsType | undefined
    let isGone = false
    Promise.all([import('./echarts.ts'), prepare?.()])
      .then(([{ init }]) => {
        if (isGone) return
        made = init(element, undefined, { renderer })
        listen(made, (found) => hit.current?.(found))
        setChart(made)
        onChart?.(made)
      })
      .catch(() => setFailed(true))
    const observer = new ResizeObserver(() => made?.resize())
    observer.observe(element)
    return () => {
      isGone = true
      observer.disconnect()
      made?.dispose()
      onChart?.(undefined)
    }
  }, [renderer, prepare, onChart])

  useEffect(() => {
    if (!chart || chart.isDisposed()) return
    // why: a canvas inherits no letters from the page.
    chart.setOption(
      { textStyle: { fontFamily: getComputedStyle(chart.getDom()).fontFamily }, ...option(paletteOf(scheme)) },
      { notMerge: true },
    )
  }, [chart, option, scheme])

  return (
    <figure className={classes.figure} data-clickable={onHit !== undefined} data-waiting={chart === undefined && !isFailed}>
      <div ref={place} style={{ height: isFailed ? undefined : heightPx }} aria-hidden="true" />
      <figcaption className={isFailed ? classes.words : classes.hidden}>
        {isFailed && 'What draws charts could not be loaded; loading the page anew may help. '}
        {description}
      </figcaption>
    </figure>
  )
}

/** A click on a slice or a country names it; one in a grid tells where it was, however far from a line. */
function listen(chart: EChartsType, onHit: (hit: ChartHit) => void): void {
  chart.on('click', (event) => {
    const { seriesId, name, componentSubType } = event as { seriesId?: string; name?: string; componentSubType?: string }
    if (componentSubType === 'pie' || componentSubType === 'map') onHit({ seriesId, name })
  })
  chart.getZr().on('click', ({ offsetX, offsetY }: { offsetX: number; offsetY: number }) => {
    if (!chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) return
    const [x, y] = chart.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]) as [number, number]
    onHit({ index: Math.round(x), value: y })
  })
}

/** Reads the tokens as they stand on the page now, which is in that scheme. */
function paletteOf(_scheme: 'light' | 'dark'): Palette {
  const style = getComputedStyle(document.documentElement)
  return (token) => style.getPropertyValue(`--${token}`).trim()
}

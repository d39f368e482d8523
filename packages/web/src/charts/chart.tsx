import { useComputedColorScheme } from '@mantine/core'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef, useState } from 'react'
import classes from './chart.module.css'

/** Reads a colour of the design language, e.g. `ink-faint`, as it stands in the present scheme. */
export type Palette = (token: string) => string

interface ChartProps {
  /** What the chart says, in a sentence, for those who cannot see it. */
  description: string
  heightPx: number
  /** Made anew when the colour scheme changes. Text in it is never read as markup: tooltips are rich text, not HTML. */
  option: (palette: Palette) => EChartsCoreOption
}

/** A chart, drawn once its library is there, in the colours of the present scheme, as wide as its place. */
export function Chart({ description, heightPx, option }: ChartProps) {
  const scheme = useComputedColorScheme('light')
  const place = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<EChartsType>()

  useEffect(() => {
    const element = place.current
    if (!element) return
    let made: EChartsType | undefined
    let isGone = false
    void import('./echarts.ts').then(({ init }) => {
      if (isGone) return
      made = init(element, undefined, { renderer: 'svg' })
      setChart(made)
    })
    const observer = new ResizeObserver(() => made?.resize())
    observer.observe(element)
    return () => {
      isGone = true
      observer.disconnect()
      made?.dispose()
    }
  }, [])

  useEffect(() => {
    if (!chart || chart.isDisposed()) return
    chart.setOption(option(paletteOf(scheme)))
  }, [chart, option, scheme])

  return (
    <figure className={classes.figure}>
      <div ref={place} style={{ height: heightPx }} aria-hidden="true" />
      <figcaption className={classes.hidden}>{description}</figcaption>
    </figure>
  )
}

/** Reads the tokens as they stand on the page now, which is in that scheme. */
function paletteOf(_scheme: 'light' | 'dark'): Palette {
  const style = getComputedStyle(document.documentElement)
  return (token) => style.getPropertyValue(`--${token}`).trim()
}

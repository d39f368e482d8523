import classes from './tooltip.module.css'

export interface TooltipRow {
  /** Any CSS colour. */
  colour?: string | undefined
  label: string
  value: string
  /** After the value, faint: e.g. the share. */
  note?: string | undefined
  isStrong?: boolean
}

// limit: more rows than this would cover the chart.
const mostRows = 14

/** A chart's tooltip as elements: names out of events are text in it, whatever they hold. */
export function tooltipElement(title: string, rows: readonly TooltipRow[], foot?: string): HTMLElement {
  const box = make('div', classes.box)
  box.append(make('div', classes.title, title))
  for (const { colour, label, value, note, isStrong } of rows.slice(0, mostRows)) {
    const row = make('div', classes.row)
    if (isStrong) row.dataset.strong = 'true'
    const mark = make('span', classes.mark)
    if (colour) mark.style.background = colour
    row.append(mark, make('span', classes.label, label), make('span', classes.value, value))
    if (note) row.append(make('span', classes.note, note))
    box.append(row)
  }
  if (rows.length > mostRows) box.append(make('div', classes.foot, `and ${rows.length - mostRows} more`))
  if (foot) box.append(make('div', classes.foot, foot))
  return box
}

function make(tag: 'div' | 'span', className: string | undefined, text?: string): HTMLElement {
  const element = document.createElement(tag)
  element.className = className ?? ''
  if (text !== undefined) element.textContent = text
  return element
}

/** What every chart's tooltip has in common. */
export const tooltipBox = {
  renderMode: 'html' as const,
  confine: true,
  transitionDuration: 0,
  padding: 0,
  borderWidth: 0,
  backgroundColor: 'transparent',
  extraCssText: 'box-shadow: none; z-index: 300;',
}

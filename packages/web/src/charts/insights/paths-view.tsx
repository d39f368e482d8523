import { Button, Menu, SegmentedControl } from '@mantine/core'
import { useElementSize, useLocalStorage } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import type { PathEdge } from '../../api-client/insight-results.ts'
import type { ActorsChoice } from '../../query-model/actors.ts'
import type { PathsQuery } from '../../query-model/nodes.ts'
import { pathItemLabel, pathItemParts } from '../../query-model/paths.ts'
import { countOf, formatCount } from '../../ui/numbers.ts'
import { unpictured } from '../../ui/picture-of.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './paths-view.module.css'
import {
  type ColumnSizes,
  columnSizes,
  reachedFrom,
  reachedOver,
  readId,
  type Sankey,
  type SankeyNode,
  type SankeyRibbon,
  sankeyLayout,
  wayOver,
  wayTo,
  wholeWidthPx,
} from './sankey-layout.ts'
import { formatPercent, formatSeconds } from './values.ts'
import type { ViewProps } from './view-props.ts'
import views from './views.module.css'

interface PathsViewProps extends ViewProps<PathsQuery> {
  /** The way to a step as a funnel. */
  onFunnel?: ((items: string[]) => void) | undefined
}

const barPx = 6
// why: in a narrower step nothing but the beginning of a host would be read.
const roomForHostPx = 150

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

/** Which ways people take: ribbons as thick as they are many, or a list of them. */
export function PathsView(props: PathsViewProps) {
  const { answer, heightPx, isPreview = false } = props
  const edges = (answer.results ?? []) as PathEdge[]
  const [view, setView] = useLocalStorage<'ribbons' | 'list'>({ key: 'hedgerow.paths-view', defaultValue: 'ribbons' })
  const layout = useMemo(
    () => sankeyLayout(edges, { height: Math.max(260, heightPx), gap: 16, leastHeight: isPreview ? 12 : 34 }),
    [edges, heightPx, isPreview],
  )
  if (edges.length === 0) return <p className={classes.none}>Nobody went from one step to another in this time.</p>
  if (isPreview) return <Ribbons {...props} layout={layout} />
  return (
    <div className={views.view}>
      <SegmentedControl
        className={classes.choice}
        {...unpictured}
        size="xs"
        aria-label="How ways are shown"
        value={view}
        onChange={(value) => setView(value === 'list' ? 'list' : 'ribbons')}
        data={[
          { value: 'ribbons', label: 'Ribbons' },
          { value: 'list', label: 'List' },
        ]}
      />
      {view === 'ribbons' ? <Ribbons {...props} layout={layout} /> : <EdgeList {...props} edges={edges} ribbons={layout.ribbons} />}
    </div>
  )
}

function Ribbons(props: PathsViewProps & { layout: Sankey }) {
  const { layout, onActors, onFunnel, isPreview = false } = props
  const { ref, width: roomPx } = useElementSize()
  const sizes = columnSizes(layout.columns, roomPx)
  const [pointed, setPointed] = useState<string | SankeyRibbon>()
  const [pressed, setPressed] = useState<Pressed>()
  const lit = useMemo(() => {
    if (pointed === undefined) return undefined
    return typeof pointed === 'string' ? reachedFrom(pointed, layout.ribbons) : reachedOver(pointed, layout.ribbons)
  }, [pointed, layout.ribbons])
  const [isAtEnd, setAtEnd] = useState(false)
  const widthPx = wholeWidthPx(layout.columns, sizes)
  const usualHost = useMemo(() => commonest(layout.nodes.flatMap(({ item }) => pathItemParts(item).host ?? [])), [layout.nodes])
  const begun = layout.nodes.filter(({ column }) => column === 0).reduce((sum, { value }) => sum + value, 0)
  const isLit = (ribbon: SankeyRibbon) => {
    const { source, target } = ribbon
    if (target) return lit?.has(source.id) && lit.has(target.id)
    return source.id === pointed || ribbon === pointed
  }
  const press = (ribbon: SankeyRibbon) => (event: MouseEvent) => {
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect()
    if (ribbon.target && onFunnel && box) setPressed({ ribbon, x: event.clientX - box.left, y: event.clientY - box.top })
    else onActors?.(whoOf(ribbon))
  }
  return (
    <section
      ref={ref}
      className={classes.scroll}
      data-more={widthPx > roomPx && !isAtEnd}
      aria-label="Paths that people take"
      onScroll={({ currentTarget: { scrollLeft, clientWidth, scrollWidth } }) => setAtEnd(scrollLeft + clientWidth >= scrollWidth - 8)}
      {...scrollable}
    >
      <div className={classes.sankey} style={{ width: widthPx, height: layout.height + 8 }} data-lit={lit !== undefined}>
        <svg width={widthPx} height={layout.height + 8} aria-hidden="true" focusable="false" className={classes.ribbons}>
          {layout.ribbons.map((ribbon) => (
            <path
              key={`${ribbon.source.id} ${ribbon.target?.id ?? ''}`}
              d={ribbonPath(ribbon, sizes)}
              strokeWidth={ribbon.target ? ribbon.thickness : undefined}
              data-end={ribbon.target === undefined}
              data-lit={isLit(ribbon)}
              {...(onActors && !isPreview
                ? {
                    onClick: press(ribbon),
                    onPointerEnter: () => setPointed(ribbon),
                    onPointerLeave: () => setPointed(undefined),
                  }
                : {})}
            >
              <title>
                {ribbon.target
                  ? `${pathItemLabel(ribbon.source.item)} → ${pathItemLabel(ribbon.target.item)}: ${formatCount(ribbon.value)}, ${formatSeconds((ribbon.averageMs ?? 0) / 1000)} on average`
                  : `Ends at ${pathItemLabel(ribbon.source.item)}: ${formatCount(ribbon.value)}`}
              </title>
            </path>
          ))}
        </svg>
        {layout.nodes.map((node) => (
          <NodeCard
            key={node.id}
            {...props}
            node={node}
            sizes={sizes}
            ribbons={layout.ribbons}
            usualHost={usualHost}
            share={begun === 0 ? 0 : node.value / begun}
            isLit={lit?.has(node.id) ?? false}
            onPoint={setPointed}
          />
        ))}
        {pressed && (
          <RibbonMenu
            pressed={pressed}
            onClose={() => setPressed(undefined)}
            onWho={() => onActors?.(whoOf(pressed.ribbon))}
            onFunnel={(target) => onFunnel?.(wayOver(pressed.ribbon.source.id, target, layout.ribbons))}
          />
        )}
      </div>
    </section>
  )
}

type MouseEvent = React.MouseEvent<SVGElement>

/** A ribbon, and where it was pressed. */
interface Pressed {
  ribbon: SankeyRibbon
  x: number
  y: number
}

interface RibbonMenuProps {
  pressed: Pressed
  onClose: () => void
  onWho: () => void
  onFunnel: (target: string) => void
}

/** What can be done with a way; the list has the same, for the keyboard. */
function RibbonMenu({ pressed: { ribbon, x, y }, onClose, onWho, onFunnel }: RibbonMenuProps) {
  const { target } = ribbon
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={250} withinPortal>
      <Menu.Target>
        <span className={classes.pressed} style={{ left: x, top: y }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onWho}>See who went this way</Menu.Item>
        {target && <Menu.Item onClick={() => onFunnel(target.id)}>Turn this way into a funnel</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The same as in the list beside it, which the keyboard reaches. */
function whoOf({ source, target }: SankeyRibbon): ActorsChoice {
  return target
    ? {
        title: `From ${pathItemLabel(source.item)} to ${pathItemLabel(target.item)}`,
        point: { kind: 'InsightActorsQuery', pathStartKey: source.id, pathEndKey: target.id },
      }
    : {
        title: `Went no further than ${pathItemLabel(source.item)}`,
        point: { kind: 'InsightActorsQuery', pathDropoffKey: source.id },
      }
}

function commonest(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts.entries()].sort(([, one], [, other]) => other - one)[0]?.[0]
}

const left = ({ column }: SankeyNode, { nodePx, gapPx }: ColumnSizes) => column * (nodePx + gapPx)

function ribbonPath({ source, target, sourceY, targetY, thickness }: SankeyRibbon, sizes: ColumnSizes): string {
  const x0 = left(source, sizes) + sizes.nodePx
  if (!target) {
    // Those who stop fall away to the right and down.
    return `M${x0} ${sourceY} h10 q12 0 12 12 v${Math.min(26, 6 + thickness)} h-${Math.min(10, thickness)} v-${Math.min(18, thickness)} q0 -6 -6 -6 h-16 z`
  }
  const x1 = left(target, sizes)
  const [y0, y1, middle] = [sourceY + thickness / 2, targetY + thickness / 2, (x0 + x1) / 2]
  return `M${x0} ${y0} C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`
}

interface NodeCardProps extends PathsViewProps {
  node: SankeyNode
  sizes: ColumnSizes
  ribbons: readonly SankeyRibbon[]
  /** Of all ways. */
  share: number
  /** Steps on another host say so. */
  usualHost: string | undefined
  isLit: boolean
  onPoint: (id: string | undefined) => void
}

function NodeCard(props: NodeCardProps) {
  const { node, sizes, share, usualHost, isLit, onPoint, isPreview = false } = props
  const { name, host } = pathItemParts(node.item)
  const style = { left: left(node, sizes), top: node.y, width: sizes.nodePx, height: node.height }
  const words = (
    <>
      <span className={classes.bar} style={{ width: barPx }} />
      <span className={classes.words}>
        <span className={classes.name}>
          <Untrusted>{name}</Untrusted>
        </span>
        {node.height >= 30 && (
          <span className={classes.count}>
            {formatCount(node.value)} · {formatPercent(share)}
            {host !== undefined && host !== usualHost && sizes.nodePx >= roomForHostPx && ` · ${host}`}
          </span>
        )}
      </span>
    </>
  )
  if (isPreview)
    return (
      <div className={classes.node} style={style}>
        {words}
      </div>
    )
  return (
    <Menu position="bottom-start" width={230} withinPortal>
      <Menu.Target>
        <button
          type="button"
          className={classes.node}
          style={style}
          data-lit={isLit}
          onPointerEnter={() => onPoint(node.id)}
          onPointerLeave={() => onPoint(undefined)}
          onFocus={() => onPoint(node.id)}
          onBlur={() => onPoint(undefined)}
        >
          {words}
          <span className={classes.hidden}>{`, step ${node.column + 1}, ${countOf(node.dropped, 'time')} no further`}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <NodeMenu {...props} name={name} />
      </Menu.Dropdown>
    </Menu>
  )
}

function NodeMenu({ node, ribbons, query, name, onQuery, onActors, onFunnel }: NodeCardProps & { name: string }) {
  const filter = query.pathsFilter ?? {}
  const isFirst = node.column === 0
  const point = isFirst ? { pathStartKey: node.id } : { pathEndKey: node.id }
  return (
    <>
      <Menu.Item onClick={() => onActors?.({ title: name, point: { kind: 'InsightActorsQuery', ...point } })}>See who</Menu.Item>
      {node.dropped > 0 && (
        <Menu.Item
          onClick={() =>
            onActors?.({ title: `Went no further than ${name}`, point: { kind: 'InsightActorsQuery', pathDropoffKey: node.id } })
          }
        >
          See who went no further
        </Menu.Item>
      )}
      {onQuery && (
        <>
          <Menu.Divider />
          <Menu.Item onClick={() => onQuery({ ...query, pathsFilter: { ...filter, startPoint: node.item } })}>Begin here</Menu.Item>
          <Menu.Item onClick={() => onQuery({ ...query, pathsFilter: { ...filter, endPoint: node.item } })}>End here</Menu.Item>
          <Menu.Item
            onClick={() => onQuery({ ...query, pathsFilter: { ...filter, excludeEvents: [...(filter.excludeEvents ?? []), node.item] } })}
          >
            Leave it out
          </Menu.Item>
        </>
      )}
      {onFunnel && !isFirst && (
        <>
          <Menu.Divider />
          <Menu.Item onClick={() => onFunnel(wayTo(node.id, ribbons))}>Turn the way here into a funnel</Menu.Item>
        </>
      )}
    </>
  )
}

interface EdgeListProps extends PathsViewProps {
  edges: readonly PathEdge[]
  ribbons: readonly SankeyRibbon[]
}

function EdgeList({ edges, ribbons, onActors, onFunnel }: EdgeListProps) {
  return (
    <section className={views.scroll} style={{ maxHeight: 560 }} aria-label="Paths, one by one" {...scrollable}>
      <table className={`${views.totals} ${classes.list}`}>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Step</th>
            <th scope="col">Time between</th>
            <th scope="col">Times</th>
            {onFunnel && <th scope="col">As a funnel</th>}
          </tr>
        </thead>
        <tbody>
          {edges.map(({ source, target, value, average_conversion_time: ms }) => {
            const [from, to] = [readId(source), readId(target)]
            const words = `From ${pathItemLabel(from.item)} to ${pathItemLabel(to.item)}`
            return (
              <tr key={`${source} ${target}`}>
                <td>
                  <Untrusted>{pathItemLabel(from.item)}</Untrusted>
                </td>
                <td>
                  <Untrusted>{pathItemLabel(to.item)}</Untrusted>
                </td>
                <td>
                  {from.column + 1} → {to.column + 1}
                </td>
                <td>{formatSeconds(ms === null ? null : ms / 1000)}</td>
                <td>
                  {onActors ? (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      aria-label={`${words}: ${countOf(value, 'time')}, see who`}
                      onClick={() =>
                        onActors({ title: words, point: { kind: 'InsightActorsQuery', pathStartKey: source, pathEndKey: target } })
                      }
                    >
                      {formatCount(value)}
                    </Button>
                  ) : (
                    formatCount(value)
                  )}
                </td>
                {onFunnel && (
                  <td>
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      aria-label={`Turn the way to ${pathItemLabel(to.item)} by ${pathItemLabel(from.item)} into a funnel`}
                      onClick={() => onFunnel(wayOver(source, target, ribbons))}
                    >
                      Funnel
                    </Button>
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

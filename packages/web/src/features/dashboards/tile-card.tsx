import type { TileBody } from '@hedgerow/protocol'
import { ActionIcon, Menu } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useProject } from '../../api-client/current-project.tsx'
import { readQuery } from '../../query-model/kinds.ts'
import { DashboardIcon, DotsIcon, DuplicateIcon, GripIcon, InsightIcon, PencilIcon, TrashIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { placed } from '../../ui/placed.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'
import { ExperimentTile } from './experiment-tile.tsx'
import { FlagTile } from './flag-tile.tsx'
import type { GripProps } from './grid.tsx'
import { type TextBlock, textBlocks } from './text-blocks.ts'
import { TileAnswer } from './tile-answer.tsx'

interface TileCardProps {
  tile: TileBody
  /** Now or before. */
  isAnswered: boolean
  /** What is shown is not, or not yet, the answer to what is asked now. */
  isStale: boolean
  heightPx: number
  grip: GripProps | undefined
  onRemove: () => void
  onMove: () => void
  onDuplicate: () => void
  onEditText: () => void
}

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

/** One tile: an insight with its answer, a text, a feature flag or an experiment. */
export function TileCard({ tile, isAnswered, isStale, heightPx, grip, onRemove, onMove, onDuplicate, onEditText }: TileCardProps) {
  const project = useProject()
  const name = nameOf(tile)
  if (tile.feature_flag || tile.experiment) return <ReleaseTile tile={tile} grip={grip} onRemove={onRemove} onMove={onMove} />
  if (!tile.insight)
    return (
      <section className={classes.textTile} aria-label="Text">
        <TileText body={tile.text?.body ?? ''} />
        <TileTools name={name} grip={grip} onRemove={onRemove} onMove={onMove} onDuplicate={onDuplicate} onEditText={onEditText} />
      </section>
    )
  return (
    <section className={classes.tile} aria-label={name} aria-busy={isStale}>
      <header className={classes.tileHead}>
        <h2 className={classes.tileTitle}>
          <Link to={addressOf(project.id, tile.insight)}>
            <Untrusted>{name}</Untrusted>
          </Link>
        </h2>
        {isAnswered && tile.last_refresh && (
          <span className={classes.computed}>
            <Instant at={tile.last_refresh} style="relative" />
          </span>
        )}
        <TileTools name={name} grip={grip} address={addressOf(project.id, tile.insight)} onRemove={onRemove} onMove={onMove} />
      </header>
      <div className={classes.tileBody} data-stale={isAnswered && isStale} {...scrollable}>
        <TileAnswer insight={tile.insight} isAnswered={isAnswered} computedAt={tile.last_refresh} heightPx={heightPx - 58} />
      </div>
    </section>
  )
}

const nameOf = ({ insight, feature_flag: flag, experiment }: TileBody): string =>
  insight ? insight.name || insight.derived_name || 'Untitled' : (flag?.key ?? experiment?.name ?? 'Text')

/** A feature flag or an experiment as it stands now: no range and no filter of the dashboard changes what it says. */
function ReleaseTile({ tile, ...tools }: Pick<TileCardProps, 'tile' | 'grip' | 'onRemove' | 'onMove'>) {
  const project = useProject()
  const name = nameOf(tile)
  const { feature_flag: flag, experiment } = tile
  const address = flag ? `/project/${project.id}/flags/${flag.id}` : `/project/${project.id}/experiments/${experiment?.id}`
  return (
    <section className={classes.tile} aria-label={`${name}, ${flag ? 'feature flag' : 'experiment'}`}>
      <header className={classes.tileHead}>
        <h2 className={classes.tileTitle}>
          <Link to={address}>
            <Untrusted>{name}</Untrusted>
          </Link>
        </h2>
        <span className={classes.computed}>{flag ? 'Feature flag' : 'Experiment'}</span>
        <TileTools name={name} address={address} {...tools} />
      </header>
      <div className={classes.tileBody} {...scrollable}>
        {flag && <FlagTile id={flag.id} />}
        {experiment && <ExperimentTile id={experiment.id} />}
      </div>
    </section>
  )
}

/** Of the insight itself, in the editor that it belongs to. */
function addressOf(projectId: number, insight: NonNullable<TileBody['insight']>): string {
  const shortId = encodeURIComponent(insight.short_id)
  return readQuery(insight.query) ? `/project/${projectId}/insights/${shortId}` : `/project/${projectId}/sql?insight=${shortId}`
}

interface ToolsProps extends Pick<TileCardProps, 'grip' | 'onRemove' | 'onMove'> {
  name: string
  /** Of the page of what it shows. */
  address?: string
  onDuplicate?: () => void
  onEditText?: () => void
}

function TileTools({ name, grip, address, onRemove, onMove, onDuplicate, onEditText }: ToolsProps) {
  const navigate = useNavigate()
  return (
    <span className={classes.tools}>
      {grip && (
        <button type="button" className={classes.grip} {...grip} aria-label={`Move ${name}: arrow keys move it, with Shift they size it`}>
          <GripIcon size={15} />
        </button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={26} aria-label={`More to do with ${name}`}>
            <DotsIcon size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {onEditText && (
            <Menu.Item leftSection={<PencilIcon size={15} />} onClick={onEditText}>
              Edit the text
            </Menu.Item>
          )}
          {address !== undefined && (
            <Menu.Item leftSection={<InsightIcon size={15} />} onClick={() => void navigate({ href: address })}>
              Open
            </Menu.Item>
          )}
          {onDuplicate && (
            <Menu.Item leftSection={<DuplicateIcon size={15} />} onClick={onDuplicate}>
              Duplicate
            </Menu.Item>
          )}
          <Menu.Item leftSection={<DashboardIcon size={15} />} onClick={onMove}>
            Move to another dashboard
          </Menu.Item>
          <Menu.Item leftSection={<TrashIcon size={15} />} onClick={onRemove}>
            Remove from the dashboard
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  )
}

function TileText({ body }: { body: string }) {
  return (
    <div className={classes.text}>
      {placed(textBlocks(body)).map(({ key, item }) => (
        <TextPart key={key} block={item} />
      ))}
    </div>
  )
}

function TextPart({ block }: { block: TextBlock }) {
  switch (block.kind) {
    case 'heading':
      return <h2>{block.text}</h2>
    case 'paragraph':
      return <p>{block.text}</p>
    case 'list':
      return (
        <ul>
          {placed(block.items).map(({ key, item }) => (
            <li key={key}>{item}</li>
          ))}
        </ul>
      )
  }
}

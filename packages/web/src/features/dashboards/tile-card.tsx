import type { TileBody } from '@hedgerow/protocol'
import { ActionIcon, Menu } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { readQuery } from '../../query-model/kinds.ts'
import { DotsIcon, GripIcon, PencilIcon, TrashIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { placed } from '../../ui/placed.ts'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './dashboards.module.css'
import type { GripProps } from './grid.tsx'
import { type TextBlock, textBlocks } from './text-blocks.ts'
import { TileAnswer } from './tile-answer.tsx'

interface TileCardProps {
  tile: TileBody
  isAnswered: boolean
  isStale: boolean
  heightPx: number
  grip: GripProps | undefined
  onRemove: () => void
  onEditText: () => void
}

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

/** One tile: an insight with its answer, or a text. */
export function TileCard({ tile, isAnswered, isStale, heightPx, grip, onRemove, onEditText }: TileCardProps) {
  const name = tile.insight ? tile.insight.name || tile.insight.derived_name || 'Untitled' : 'Text'
  if (!tile.insight)
    return (
      <section className={classes.textTile} aria-label="Text">
        <TileText body={tile.text?.body ?? ''} />
        <TileTools name={name} grip={grip} onRemove={onRemove} onEditText={onEditText} />
      </section>
    )
  return (
    <section className={classes.tile} aria-label={name} aria-busy={!isAnswered}>
      <header className={classes.tileHead}>
        <h2 className={classes.tileTitle}>
          <InsightLink insight={tile.insight}>
            <Untrusted>{name}</Untrusted>
          </InsightLink>
        </h2>
        {isAnswered && tile.last_refresh && (
          <span className={classes.computed}>
            <Instant at={tile.last_refresh} style="relative" />
          </span>
        )}
        <TileTools name={name} grip={grip} onRemove={onRemove} />
      </header>
      <div className={classes.tileBody} data-stale={isStale} {...scrollable}>
        <TileAnswer insight={tile.insight} isAnswered={isAnswered} heightPx={heightPx - 58} />
      </div>
    </section>
  )
}

function InsightLink({ insight, children }: { insight: NonNullable<TileBody['insight']>; children: ReactNode }) {
  const project = useProject()
  if (!readQuery(insight.query))
    return (
      <Link to="/project/$projectId/sql" params={{ projectId: project.id }} search={{ insight: insight.short_id }}>
        {children}
      </Link>
    )
  return (
    <Link to="/project/$projectId/insights/$shortId" params={{ projectId: project.id, shortId: insight.short_id }}>
      {children}
    </Link>
  )
}

function TileTools({
  name,
  grip,
  onRemove,
  onEditText,
}: { name: string } & Pick<TileCardProps, 'grip' | 'onRemove'> & { onEditText?: () => void }) {
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

import type { UserBody } from '@hedgerow/protocol'
import { Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { describeError } from '../../api-client/errors.ts'
import { ledgerQuery } from '../../api-client/ingestion.ts'
import { PanelIcon, SearchIcon } from '../../ui/icons.tsx'
import { withCommand } from '../../ui/keys.ts'
import { HedgerowMark } from '../../ui/mark.tsx'
import { navigation } from '../navigation.ts'
import { AccountMenu } from './account-menu.tsx'
import classes from './frame.module.css'
import { freshness } from './lag.ts'
import { type ProjectChoice, ProjectMenu } from './project-menu.tsx'

interface SidebarProps {
  account: UserBody
  projects: ProjectChoice[]
  projectId: number | undefined
  collapsed: boolean
  onSearch: () => void
  onCollapse: (() => void) | undefined
}

export function Sidebar({ account, projects, projectId, collapsed, onSearch, onCollapse }: SidebarProps) {
  const pages = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // tricky: in braces, since scrollIntoView returns a promise in newer browsers, and an effect may return nothing but a function.
  useEffect(() => {
    const links = [...(pages.current?.querySelectorAll('a') ?? [])]
    links.find((link) => pathname.startsWith(link.pathname))?.scrollIntoView({ block: 'nearest' })
  }, [pathname])
  return (
    <aside aria-label="Navigation" className={classes.sidebar} data-collapsed={collapsed}>
      <div className={classes.brand}>
        <Link to="/" className={classes.brandLink} aria-label="Hedgerow, start">
          <HedgerowMark size={26} />
          {!collapsed && <span className={classes.brandName}>Hedgerow</span>}
        </Link>
        {onCollapse && (
          <Tooltip label={collapsed ? 'Widen the navigation' : 'Narrow the navigation'} position="right">
            <button
              type="button"
              className={classes.collapse}
              aria-label={collapsed ? 'Widen the navigation' : 'Narrow the navigation'}
              onClick={onCollapse}
            >
              <PanelIcon size={17} />
            </button>
          </Tooltip>
        )}
      </div>
      <ProjectMenu projects={projects} projectId={projectId} collapsed={collapsed} />
      <Tooltip label={`Find or do anything · ${withCommand('K')}`} position="right" disabled={!collapsed}>
        <button
          type="button"
          className={classes.search}
          {...(collapsed ? { 'aria-label': 'Find or do anything' } : {})}
          aria-keyshortcuts="Meta+K Control+K"
          onClick={onSearch}
        >
          <SearchIcon size={17} />
          {!collapsed && (
            <>
              <span className={classes.searchWords}>Find or do anything</span>
              <kbd>{withCommand('K')}</kbd>
            </>
          )}
        </button>
      </Tooltip>
      <nav ref={pages} aria-label="Main" className={classes.nav}>
        {projectId !== undefined &&
          navigation.map(({ label, items }) => (
            <div key={label} className={classes.group}>
              <h2 className={classes.groupLabel}>{label}</h2>
              <ul>
                {items.map(({ label: name, to, Icon, key }) => (
                  <li key={to}>
                    <Tooltip label={`${name} · g ${key}`} position="right" openDelay={collapsed ? 100 : 900}>
                      <Link
                        to={to}
                        params={{ projectId }}
                        className={classes.item}
                        activeProps={{ 'data-active': true, 'aria-current': 'page' }}
                      >
                        <Icon size={18} />
                        <span className={classes.itemLabel}>{name}</span>
                      </Link>
                    </Tooltip>
                  </li>
                ))}
              </ul>
            </div>
          ))}
      </nav>
      <div className={classes.foot}>
        {projectId !== undefined && <FreshnessChip projectId={projectId} collapsed={collapsed} />}
        <AccountMenu account={account} collapsed={collapsed} />
      </div>
    </aside>
  )
}

/** Always in sight: whether what the pages show is current. */
function FreshnessChip({ projectId, collapsed }: { projectId: number; collapsed: boolean }) {
  const { data: ledger, error } = useQuery(ledgerQuery(projectId))
  const state = ledger && freshness(ledger)
  const level = error ? 'stalled' : (state?.level ?? 'current')
  const words = error ? describeError(error).title : (state?.short ?? 'Asking …')
  return (
    <Tooltip label={words} disabled={!collapsed} position="right">
      <Link
        to="/project/$projectId/ingestion"
        params={{ projectId }}
        className={classes.freshness}
        data-level={level}
        aria-label={`Ingestion: ${words}`}
      >
        <span className={classes.pulse} />
        <span className={classes.itemLabel}>{words}</span>
      </Link>
    </Tooltip>
  )
}

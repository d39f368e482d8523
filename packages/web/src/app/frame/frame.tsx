import type { UserBody } from '@hedgerow/protocol'
import { ActionIcon, Drawer } from '@mantine/core'
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Outlet, useParams, useRouter, useRouterState } from '@tanstack/react-router'
import { useCallback, useEffect, useRef } from 'react'
import { accountQuery } from '../../api-client/account.ts'
import { MenuIcon, SearchIcon } from '../../ui/icons.tsx'
import { HedgerowMark } from '../../ui/mark.tsx'
import { rememberedProject } from '../last-project.ts'
import { Splash } from '../splash.tsx'
import classes from './frame.module.css'
import { Help } from './help.tsx'
import { Palette } from './palette.tsx'
import { Sidebar } from './sidebar.tsx'
import { useGoKeys } from './use-go-keys.ts'
import { usePaletteItems } from './use-palette-items.ts'

/** What stands around every page of someone who is signed in; without an account it leads to sign-in, and back here after. */
export function Frame() {
  const { data: account } = useSuspenseQuery(accountQuery)
  const router = useRouter()
  useEffect(() => {
    if (account === null) void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } })
  }, [account, router])
  return account ? <FrameOf account={account} /> : <Splash />
}

/** The side navigation, on a phone behind a button, and the place for the page. */
function FrameOf({ account }: { account: UserBody }) {
  const params = useParams({ strict: false })
  const projects = account.organization?.projects ?? []
  const projectId = params.projectId ?? projects.find(({ id }) => id === rememberedProject())?.id ?? projects[0]?.id
  const isNarrow = useMediaQuery('(max-width: 61.99em)', false, { getInitialValueInEffect: false })
  const [menuOpened, { open: openMenu, close: closeMenu }] = useDisclosure(false)
  const [collapsed, setCollapsed] = useLocalStorage({
    key: 'hedgerow.sidebar-collapsed',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const main = useRef<HTMLElement>(null)
  const shownPath = useRef(path)
  const [palette, { open: openPalette, close: closePalette }] = useDisclosure(false)
  const [help, { open: openHelp, close: closeHelp }] = useDisclosure(false)
  const doing = { onPalette: useCallback(() => openPalette(), [openPalette]), onHelp: useCallback(() => openHelp(), [openHelp]) }
  useGoKeys(projectId, doing)
  const paletteItems = usePaletteItems(projectId, projects, doing.onHelp)

  // A new page starts at its top, with the menu gone.
  useEffect(() => {
    if (shownPath.current === path) return
    shownPath.current = path
    closeMenu()
    main.current?.scrollTo({ top: 0 })
  }, [path, closeMenu])

  const sidebar = (isCollapsed: boolean) => (
    <Sidebar
      account={account}
      projects={projects}
      projectId={projectId}
      collapsed={isCollapsed}
      onSearch={openPalette}
      onCollapse={isNarrow ? undefined : () => setCollapsed(!collapsed)}
    />
  )
  return (
    <div className={classes.frame} data-collapsed={collapsed}>
      <a className={classes.skip} href="#main">
        Skip to the page
      </a>
      {isNarrow ? (
        <>
          <section className={classes.topbar} aria-label="Project">
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Menu" onClick={openMenu}>
              <MenuIcon size={20} />
            </ActionIcon>
            <HedgerowMark size={24} />
            <span className={classes.topbarName}>{projects.find(({ id }) => id === projectId)?.name ?? 'Hedgerow'}</span>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Find or do anything" onClick={openPalette}>
              <SearchIcon size={19} />
            </ActionIcon>
          </section>
          <Drawer.Root opened={menuOpened} onClose={closeMenu} size={288} padding={0}>
            <Drawer.Overlay />
            <Drawer.Content aria-label="Menu">{sidebar(false)}</Drawer.Content>
          </Drawer.Root>
        </>
      ) : (
        sidebar(collapsed)
      )}
      <main id="main" ref={main} className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Palette opened={palette} onClose={closePalette} projectId={projectId} items={paletteItems} />
      <Help opened={help} onClose={closeHelp} />
    </div>
  )
}

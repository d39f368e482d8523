import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import classes from './page.module.css'

export interface Crumb {
  label: string
  to?: string
  params?: Record<string, string>
}

interface PageProps {
  title: ReactNode
  /** What the browser's tab says; the title itself where that is text. */
  documentTitle?: string
  crumbs?: Crumb[]
  actions?: ReactNode
  /** `scroll`: the page scrolls. `fill`: it is as high as the window, and something in it scrolls. */
  layout?: 'scroll' | 'fill'
  /** Text to read keeps to a comfortable width; tables take what there is. */
  width?: 'wide' | 'reading'
  children: ReactNode
}

/** Header (where am I, what can I do here) and body of every page. */
export function Page({ title, documentTitle, crumbs = [], actions, layout = 'scroll', width = 'wide', children }: PageProps) {
  const tabTitle = documentTitle ?? (typeof title === 'string' ? title : '')
  return (
    <div className={classes.page} data-layout={layout}>
      <title>{tabTitle === '' ? 'Hedgerow' : `${tabTitle} · Hedgerow`}</title>
      <header className={classes.header}>
        <div className={classes.heading}>
          {crumbs.length > 0 && (
            <nav aria-label="Breadcrumbs" className={classes.crumbs}>
              <ol>
                {crumbs.map(({ label, to, params }) => (
                  <li key={label}>
                    {to ? (
                      <Link to={to} params={params ?? {}}>
                        {label}
                      </Link>
                    ) : (
                      <span>{label}</span>
                    )}
                  </li>
                ))}
              </ol>
            </nav>
          )}
          <h1 className={classes.title}>{title}</h1>
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      <div className={classes.body} data-width={width}>
        {children}
      </div>
    </div>
  )
}

interface PanelProps {
  title?: ReactNode
  /** A sentence under the title. */
  note?: ReactNode
  actions?: ReactNode
  /** Tables reach the panel's edges. */
  flush?: boolean
  tone?: 'plain' | 'danger'
  children?: ReactNode
}

export function Panel({ title, note, actions, flush = false, tone = 'plain', children }: PanelProps) {
  return (
    <section className={classes.panel} data-flush={flush} data-tone={tone}>
      {(title || actions) && (
        <div className={classes.panelHead}>
          <div className={classes.panelWords}>
            {title && <h2 className={classes.panelTitle}>{title}</h2>}
            {note && <p className={classes.panelNote}>{note}</p>}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
      )}
      {children && <div className={classes.panelBody}>{children}</div>}
    </section>
  )
}

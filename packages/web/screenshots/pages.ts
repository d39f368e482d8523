/** What is pictured. `{project}` and `{person}` are filled in from the server that is looked at. */
export interface PictureOf {
  name: string
  path: string
  /** Done on the page before the picture, in this order: a selector that is clicked. */
  clicks?: string[]
  /** Needs events, and is left out of a project without any. */
  needsEvents?: boolean
}

export const signedOutPages: PictureOf[] = [{ name: 'sign-in', path: '/sign-in' }]

export const pages: PictureOf[] = [
  { name: 'live', path: '/project/{project}/live' },
  { name: 'live-nothing-matches', path: '/project/{project}/live?q=zebra+crossing', needsEvents: true },
  { name: 'live-open', path: '/project/{project}/live', clicks: ['tbody tr:nth-child(3) button'], needsEvents: true },
  { name: 'live-open-json', path: '/project/{project}/live?view=json', clicks: ['tbody tr:nth-child(3) button'], needsEvents: true },
  { name: 'persons', path: '/project/{project}/persons' },
  { name: 'persons-nobody', path: '/project/{project}/persons?q=zebra+crossing', needsEvents: true },
  { name: 'person', path: '/project/{project}/persons/{person}', needsEvents: true },
  { name: 'person-properties', path: '/project/{project}/persons/{person}?tab=properties', needsEvents: true },
  { name: 'person-ids', path: '/project/{project}/persons/{person}?tab=ids', needsEvents: true },
  {
    name: 'person-delete',
    path: '/project/{project}/persons/{person}',
    clicks: ['[aria-label="More to do with this person"]', '[role=menuitem]:last-child'],
    needsEvents: true,
  },
  { name: 'person-unknown', path: '/project/{project}/persons/00000000-0000-0000-0000-000000000000' },
  { name: 'events', path: '/project/{project}/data/events' },
  { name: 'properties', path: '/project/{project}/data/properties' },
  { name: 'ingestion', path: '/project/{project}/ingestion' },
  { name: 'ingestion-reason', path: '/project/{project}/ingestion', clicks: ['details summary'], needsEvents: true },
  { name: 'connect', path: '/project/{project}/connect' },
  { name: 'connect-nextjs', path: '/project/{project}/connect?with=nextjs' },
  { name: 'settings', path: '/project/{project}/settings' },
  { name: 'keys', path: '/project/{project}/keys' },
  { name: 'api-keys', path: '/account/api-keys' },
  { name: 'api-keys-new', path: '/account/api-keys', clicks: ['button:has-text("New key")'] },
  { name: 'account', path: '/account' },
  { name: 'new-project', path: '/projects/new' },
  { name: 'not-found', path: '/nowhere' },
]

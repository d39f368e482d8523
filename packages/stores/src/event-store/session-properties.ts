/** Query parameters of advertisements, kept where a landing page's address had them. */
export const adIds = [
  'gclid',
  'gad_source',
  'gclsrc',
  'dclid',
  'gbraid',
  'wbraid',
  'fbclid',
  'msclkid',
  'twclid',
  'li_fat_id',
  'mc_cid',
  'igshid',
  'ttclid',
  '_kx',
  'irclid',
  'epik',
  'qclid',
  'sccid',
] as const

export const externalClickUrl = '$external_click_url'

/**
 * Event properties that a session keeps and that few events have. They have no typed path, and looking for each of them in every event cost the
 * roll-up more than all else: so the few stand by themselves, as text, in `events.session_properties`.
 */
export const sessionProperties: readonly string[] = [...adIds, '$web_vitals_LCP_value', externalClickUrl]

/** Typed properties of which a session keeps the first value, by the column that it stands in. */
export const entryColumns = {
  entry_current_url: '$current_url',
  entry_referrer: '$referrer',
  entry_referring_domain: '$referring_domain',
  entry_utm_source: 'utm_source',
  entry_utm_medium: 'utm_medium',
  entry_utm_campaign: 'utm_campaign',
  entry_utm_term: 'utm_term',
  entry_utm_content: 'utm_content',
} as const

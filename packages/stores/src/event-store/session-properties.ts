/** Query parameters of advertisements, kept where a landing page's address had them. */
const adIds = [
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

/**
 * Event properties that a session keeps and that few events have. They have no typed path, and looking for each of them in every event cost the
 * roll-up more than all else: so the few stand by themselves, as text, in `events.session_properties`.
 */
export const sessionProperties: readonly string[] = [...adIds, '$web_vitals_LCP_value', '$external_click_url']

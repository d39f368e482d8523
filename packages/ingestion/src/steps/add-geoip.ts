import { geoKeys } from '../geo/geo-lookup.ts'
import type { EventStep } from './event-step.ts'

/**
 * The place of `$ip`, as `$geoip_…` on the event and on the person. On the person what is unknown becomes
 * null, so that no part of an earlier place is left over.
 */
export const addGeoip: EventStep = {
  name: 'add-geoip',
  apply(draft, { geo }) {
    const { properties } = draft
    if (!geo || properties.$geoip_disable || typeof properties.$ip !== 'string') return undefined
    const place = geo.find(properties.$ip)
    if (!place) return undefined
    const personPlace: Record<string, unknown> = {}
    for (const key of geoKeys) {
      const value = place[key]
      if (value !== undefined && key !== 'city_confidence') properties[`$geoip_${key}`] = value
      personPlace[key] = value ?? null
    }
    if (draft.processesPerson) draft.geoSet = personPlace
    return undefined
  },
}

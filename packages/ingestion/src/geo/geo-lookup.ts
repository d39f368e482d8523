/** The names of a place, without the `$geoip_` before them. */
export const geoKeys = [
  'city_name',
  'city_confidence',
  'subdivision_1_name',
  'subdivision_1_code',
  'subdivision_2_name',
  'subdivision_2_code',
  'subdivision_3_name',
  'subdivision_3_code',
  'country_name',
  'country_code',
  'continent_name',
  'continent_code',
  'postal_code',
  'latitude',
  'longitude',
  'accuracy_radius',
  'time_zone',
] as const
export type GeoKey = (typeof geoKeys)[number]
export type GeoPlace = Partial<Record<GeoKey, string | number>>

export interface GeoLookup {
  /** Undefined where the database knows nothing of the address, or it is none. */
  find(ip: string): GeoPlace | undefined
}

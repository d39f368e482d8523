/**
 * Event properties that have a typed path of their own in `events.properties`: read as columns, fast.
 * Only those that every SDK sends as text, because a typed path keeps any other value as its text
 * (`5` comes back as `"5"`, an object as its JSON). All others keep their type, in the shared data of the column.
 * The type decides how the engine stores the path; every one reads as `Nullable(String)`.
 */

/** Few different values: dictionary-coded. */
export const fewValuedProperties = [
  '$browser',
  '$os',
  '$os_version',
  '$device_type',
  '$device_manufacturer',
  '$device_model',
  '$browser_language',
  '$browser_language_prefix',
  '$timezone',
  '$lib',
  '$lib_version',
  '$host',
  '$pathname',
  '$referring_domain',
  '$event_type',
  '$app_name',
  '$app_version',
  '$app_namespace',
  '$screen_name',
  '$feature_flag',
  '$geoip_country_code',
  '$geoip_country_name',
  '$geoip_continent_code',
  '$geoip_city_name',
  '$geoip_subdivision_1_name',
  '$geoip_time_zone',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
] as const

/** Values without end: stored as they are. */
export const manyValuedProperties = [
  '$current_url',
  '$referrer',
  '$raw_user_agent',
  '$device_id',
  '$session_id',
  '$window_id',
  '$ip',
] as const

import { type CityResponse, open } from 'maxmind'
import type { GeoLookup, GeoPlace } from './geo-lookup.ts'

/** limit: addresses remembered by the reader. */
const cachedAddresses = 20_000

/** Reads a MaxMind database of cities (or countries) from a file. Rejects with a clear error where it cannot. */
export async function openGeoDatabase(path: string): Promise<GeoLookup> {
  const reader = await open<CityResponse>(path, { cache: { max: cachedAddresses } }).catch((cause: unknown) => {
    throw new Error(`Cannot read the GeoIP database "${path}". It must be a MaxMind .mmdb file.`, { cause })
  })
  return {
    find(ip) {
      const response = readAddress(reader, ip)
      return response ? placeOf(response) : undefined
    },
  }
}

// why: the reader throws on what is no address; an event may bring any text as its `$ip`.
function readAddress(reader: { get(ip: string): CityResponse | null }, ip: string): CityResponse | undefined {
  try {
    return reader.get(ip) ?? undefined
  } catch {
    return undefined
  }
}

function placeOf(response: CityResponse): GeoPlace {
  const { city, country, continent, postal, location, subdivisions = [] } = response
  const place: Record<string, string | number | undefined> = {
    city_name: city?.names?.en,
    city_confidence: city?.confidence,
    country_name: country?.names?.en,
    country_code: country?.iso_code,
    continent_name: continent?.names?.en,
    continent_code: continent?.code,
    postal_code: postal?.code,
    latitude: location?.latitude,
    longitude: location?.longitude,
    accuracy_radius: location?.accuracy_radius,
    time_zone: location?.time_zone,
  }
  for (const [index, subdivision] of subdivisions.slice(0, 3).entries()) {
    place[`subdivision_${index + 1}_name`] = subdivision.names?.en
    place[`subdivision_${index + 1}_code`] = subdivision.iso_code
  }
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined))
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGeoDatabase } from './maxmind-lookup.ts'
import { ipv4Network, writeMmdb } from './mmdb.fixture.ts'

const kathmandu = {
  city: { names: { en: 'Kathmandu', de: 'Katmandu' }, confidence: 60 },
  country: { iso_code: 'NP', names: { en: 'Nepal' } },
  continent: { code: 'AS', names: { en: 'Asia' } },
  postal: { code: '44600' },
  location: { latitude: 27.7172, longitude: 85.324, accuracy_radius: 20, time_zone: 'Asia/Kathmandu' },
  subdivisions: [
    { iso_code: 'P3', names: { en: 'Bagmati Province' } },
    { iso_code: 'BA', names: { en: 'Bagmati' } },
  ],
}

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hedgerow-geo-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('a database in MaxMind’s format tells the place of an address, of either kind', async () => {
  const file = join(directory, 'cities.mmdb')
  const networks = [
    ipv4Network('203.0.113.0', 24, kathmandu),
    ipv4Network('198.51.100.64', 26, { country: { iso_code: 'SE', names: { en: 'Sweden' } } }),
    {
      address: 0x2001_0db8n << 96n,
      bits: 32,
      record: { continent: { code: 'EU', names: { en: 'Europe' } }, location: { latitude: -1.5 } },
    },
  ]
  await writeFile(file, writeMmdb(networks))
  const geo = await openGeoDatabase(file)
  const nepal = {
    city_name: 'Kathmandu',
    city_confidence: 60,
    country_name: 'Nepal',
    country_code: 'NP',
    continent_name: 'Asia',
    continent_code: 'AS',
    postal_code: '44600',
    latitude: 27.7172,
    longitude: 85.324,
    accuracy_radius: 20,
    time_zone: 'Asia/Kathmandu',
    subdivision_1_name: 'Bagmati Province',
    subdivision_1_code: 'P3',
    subdivision_2_name: 'Bagmati',
    subdivision_2_code: 'BA',
  }
  const found: [string, unknown][] = [
    ['203.0.113.7', nepal],
    ['203.0.114.7', undefined],
    ['198.51.100.127', { country_name: 'Sweden', country_code: 'SE' }],
    ['198.51.100.128', undefined],
    ['2001:db8::1', { continent_name: 'Europe', continent_code: 'EU', latitude: -1.5 }],
    ['2001:db9::1', undefined],
    ['no address', undefined],
    ['', undefined],
  ]
  for (const [ip, place] of found) expect([ip, geo.find(ip)]).toEqual([ip, place])
})

test('what is no such file is refused with a message that names it', async () => {
  const file = join(directory, 'text.mmdb')
  await writeFile(file, 'not a database')
  await expect(openGeoDatabase(file)).rejects.toThrow(`Cannot read the GeoIP database "${file}"`)
  await expect(openGeoDatabase(join(directory, 'absent.mmdb'))).rejects.toThrow('absent.mmdb')
})

import type { Geometry } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import world from 'world-atlas/countries-110m.json'
import { registerMap } from '../echarts.ts'
import { mapName } from './countries.ts'
import { codeByNumber } from './country-codes.ts'

/** What reaches over the edge of the map at 180° goes on beyond it, instead of all the way back. */
function unwrapped(geometry: Geometry): Geometry {
  if (geometry.type === 'Polygon') return { ...geometry, coordinates: geometry.coordinates.map(unwrappedRing) }
  if (geometry.type === 'MultiPolygon')
    return { ...geometry, coordinates: geometry.coordinates.map((polygon) => polygon.map(unwrappedRing)) }
  return geometry
}

function unwrappedRing(ring: number[][]): number[][] {
  const longitudes = ring.map(([longitude = 0]) => longitude)
  const isOver = longitudes.some((longitude, index) => Math.abs(longitude - (longitudes[index - 1] ?? longitude)) > 180)
  return isOver ? ring.map(([longitude = 0, ...rest]) => [longitude < 0 ? longitude + 360 : longitude, ...rest]) : ring
}

/** Gives the chart library its map: countries by their names. */
export function registerWorld(): void {
  const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>
  const { features } = feature(topology, topology.objects.countries)
  const named = features
    // why: nobody's visits come from there, and it would take a quarter of the height.
    .filter(({ id }) => id !== '010')
    .map(({ id, geometry, properties }) => {
      const code = codeByNumber.get(String(id))
      return {
        type: 'Feature' as const,
        geometry: unwrapped(geometry),
        properties: { name: code === undefined ? properties.name : mapName(code) },
      }
    })
  registerMap('world', { geoJSON: { type: 'FeatureCollection', features: named } } as unknown as Parameters<typeof registerMap>[1])
}

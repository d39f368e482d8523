import { createContext, type ReactNode, useContext } from 'react'
import { browserZone } from './time.ts'

const ZoneContext = createContext('UTC')

/** Everything inside speaks of time in this zone: the project's. */
export function ZoneProvider({ zone, children }: { zone: string; children: ReactNode }) {
  return <ZoneContext value={zone}>{children}</ZoneContext>
}

export function useZone(): string {
  return useContext(ZoneContext)
}

export const viewerZone = browserZone()

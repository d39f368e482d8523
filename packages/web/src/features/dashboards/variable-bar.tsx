import type { TileBody } from '@hedgerow/protocol'
import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import classes from './dashboards.module.css'
import { type DashboardSearch, type OwnOverride, variablesOf } from './override.ts'
import { tileVariables } from './tile-variables.ts'

interface VariableBarProps {
  tiles: readonly TileBody[]
  own: OwnOverride
  search: DashboardSearch
  onSearch: (change: DashboardSearch) => void
}

/** A field for each variable that a tile in SQL uses. */
export function VariableBar({ tiles, own, search, onSearch }: VariableBarProps) {
  const chosen = variablesOf(search)
  return tileVariables(tiles).map(({ id, name, value }) => (
    <VariableField
      key={id}
      name={name}
      value={
        chosen[id]
          ? String(chosen[id].value)
          : own.variables[id] === undefined || own.variables[id] === null
            ? value
            : String(own.variables[id])
      }
      onValue={(next) => {
        const values = Object.fromEntries(Object.entries(chosen).map(([key, each]) => [key, each.value]))
        onSearch({ vars: JSON.stringify({ ...values, [id]: next }) })
      }}
    />
  ))
}

function VariableField({ name, value, onValue }: { name: string; value: string; onValue: (value: string) => void }) {
  const [{ text, of }, setState] = useState({ text: value, of: value })
  // why: what is written comes back as the value a moment later; only another value, as after "Reset", takes its place.
  if (of !== value) setState({ text: value, of: value })
  const settle = useDebouncedCallback(onValue, 500)
  return (
    <div className={classes.variable}>
      <span>{name}</span>
      <TextInput
        size="xs"
        aria-label={name}
        value={text}
        onChange={(event) => {
          setState({ text: event.currentTarget.value, of })
          settle(event.currentTarget.value)
        }}
      />
    </div>
  )
}

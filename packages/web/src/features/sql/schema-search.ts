import type { SchemaTable } from '../../api-client/sql.ts'

export interface FoundTable {
  table: SchemaTable
  isOpen: boolean
}

/** Tables whose name or columns hold what is searched; those found by a column are open. */
export function matchingTables(tables: Readonly<Record<string, SchemaTable>>, search: string): FoundTable[] {
  const wanted = search.trim().toLowerCase()
  return Object.values(tables).flatMap((table): FoundTable[] => {
    if (wanted === '') return [{ table, isOpen: false }]
    const fields = Object.fromEntries(Object.entries(table.fields).filter(([name]) => name.toLowerCase().includes(wanted)))
    const isNamed = table.name.toLowerCase().includes(wanted)
    if (Object.keys(fields).length > 0) return [{ table: { ...table, fields: isNamed ? table.fields : fields }, isOpen: true }]
    if (isNamed) return [{ table, isOpen: false }]
    // why: any property may be searched for, and these are the tables that have some.
    const { properties } = table.fields
    return properties && (table.name === 'events' || table.name === 'persons')
      ? [{ table: { ...table, fields: { properties } }, isOpen: true }]
      : []
  })
}

/** `properties.plan`, quoted where the name is no plain word. */
export function propertyPath(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `properties.${name}` : `properties.\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}

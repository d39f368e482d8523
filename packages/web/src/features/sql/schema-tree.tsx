import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { propertyChoicesQuery } from '../../api-client/definitions.ts'
import { type SchemaTable, schemaQuery } from '../../api-client/sql.ts'
import { ChevronRightIcon } from '../../ui/icons.tsx'
import { countOf } from '../../ui/numbers.ts'
import { Loaded } from '../../ui/states.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { matchingTables, propertyPath } from './schema-search.ts'
import classes from './sql.module.css'

interface SchemaTreeProps {
  onInsert: (text: string) => void
}

/** Tables, their columns and the properties that were seen; what is clicked goes into the query. */
export function SchemaTree({ onInsert }: SchemaTreeProps) {
  const project = useProject()
  const schema = useQuery(schemaQuery(project.id))
  const [search, setSearch] = useState('')
  return (
    <div className={classes.schema}>
      <TextInput
        size="xs"
        aria-label="Search tables and columns"
        placeholder="Tables and columns"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        spellCheck={false}
      />
      <Loaded query={schema} compact>
        {(tables) => (
          <div className={classes.tables}>
            {matchingTables(tables, search).map(({ table, isOpen }) => (
              <TableNode key={`${table.name} ${isOpen}`} table={table} isOpen={isOpen} search={search} onInsert={onInsert} />
            ))}
          </div>
        )}
      </Loaded>
    </div>
  )
}

function TableNode({ table, isOpen, search, onInsert }: { table: SchemaTable; isOpen: boolean; search: string } & SchemaTreeProps) {
  const [opened, setOpened] = useState(isOpen)
  const fields = Object.values(table.fields)
  return (
    <details className={classes.table} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>
        <ChevronRightIcon size={13} />
        <span>{table.name}</span>
        <span className={classes.fieldType}>{countOf(fields.length, 'column')}</span>
      </summary>
      {opened && (
        <ul>
          {fields.map((field) => (
            <li key={field.name}>
              <button
                type="button"
                className={classes.field}
                title={`Insert ${field.hogql_value}`}
                onClick={() => onInsert(field.hogql_value)}
              >
                <span>{field.name}</span>
                <span className={classes.fieldType}>{field.type === 'lazy_table' ? `→ ${field.table ?? ''}` : field.type}</span>
              </button>
              {field.name === 'properties' && (table.name === 'events' || table.name === 'persons') && (
                <Properties owner={table.name === 'events' ? 'event' : 'person'} search={search} onInsert={onInsert} />
              )}
            </li>
          ))}
        </ul>
      )}
    </details>
  )
}

function Properties({ owner, search, onInsert }: { owner: 'event' | 'person'; search: string } & SchemaTreeProps) {
  const project = useProject()
  const found = useQuery({
    ...propertyChoicesQuery(project.id, {
      type: owner,
      search: search.trim(),
      events: undefined,
      groupTypeIndex: undefined,
      isNumerical: undefined,
    }),
    placeholderData: (before) => before,
  })
  return (
    <ul className={classes.properties}>
      {(found.data ?? []).slice(0, 40).map(({ name, property_type: kind }) => (
        <li key={name}>
          <button type="button" className={classes.field} onClick={() => onInsert(propertyPath(name))}>
            <Untrusted>{name}</Untrusted>
            <span className={classes.fieldType}>{(kind ?? 'String').toLowerCase()}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

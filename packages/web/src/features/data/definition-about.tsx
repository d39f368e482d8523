import type { EventDefinitionBody, PropertyDefinitionBody } from '@hedgerow/protocol'
import { Select, Switch, TagsInput, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type DefinitionChange, membersQuery } from '../../api-client/definitions.ts'
import { describeError } from '../../api-client/errors.ts'
import { userName } from '../../api-client/user-name.ts'
import { Instant } from '../../ui/instant.tsx'
import { Panel } from '../../ui/page.tsx'
import { toast } from '../../ui/toasts.tsx'
import classes from './data.module.css'
import { typeLabel } from './ordering.ts'

interface DefinitionAboutProps {
  definition: EventDefinitionBody | PropertyDefinitionBody
  /** Resolves once it is kept. */
  onChange: (change: DefinitionChange) => Promise<unknown>
}

const types = ['String', 'Numeric', 'Boolean', 'DateTime', 'Duration'] as const

/** What people say about an event or a property. Each field is kept as soon as one leaves it, and can be taken back. */
export function DefinitionAbout({ definition, onChange }: DefinitionAboutProps) {
  const members = useQuery(membersQuery)
  const [description, setDescription] = useState(definition.description ?? '')
  const keep = async (change: DefinitionChange, before: DefinitionChange) => {
    try {
      await onChange(change)
      toast('Kept.', 'done', () => onChange(before))
    } catch (error) {
      toast(`Not kept: ${describeError(error).cause}`, 'failed')
    }
  }
  const settleDescription = () => {
    const next = description.trim() || null
    if (next !== definition.description) void keep({ description: next }, { description: definition.description })
  }
  const owners = (members.data ?? []).map(({ user }) => ({ value: user.id, label: userName(user) }))
  const known = definition.owner
  const isProperty = 'property_type' in definition
  return (
    <Panel title="About">
      <div className={classes.about}>
        <Textarea
          label="Description"
          placeholder="What it means, when it is sent, what to look out for"
          autosize
          minRows={2}
          maxLength={4000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          onBlur={settleDescription}
          onKeyDown={(event) => event.key === 'Enter' && (event.metaKey || event.ctrlKey) && settleDescription()}
        />
        <Select
          label="Owner"
          placeholder="Nobody yet"
          clearable
          data={known && !owners.some(({ value }) => value === known.id) ? [...owners, { value: known.id, label: known.email }] : owners}
          value={definition.owner?.id ?? null}
          onChange={(owner) => void keep({ owner }, { owner: definition.owner?.id ?? null })}
        />
        <TagsInput
          label="Tags"
          placeholder={definition.tags.length === 0 ? 'Add a tag' : ''}
          value={definition.tags}
          maxTags={50}
          maxLength={100}
          onChange={(tags) => void keep({ tags }, { tags: definition.tags })}
        />
        {isProperty && definition.type !== 'session' && (
          <Select
            label="Type"
            description="How filters and charts read its values."
            data={[...types.map((value) => ({ value, label: typeLabel(value) })), { value: '', label: 'as seen in events' }]}
            value={definition.property_type ?? ''}
            allowDeselect={false}
            onChange={(type) =>
              void keep({ property_type: types.find((each) => each === type) ?? null }, { property_type: definition.property_type })
            }
          />
        )}
        <Switch
          label="Verified"
          description="Somebody looked: it is sent as described."
          checked={definition.verified}
          onChange={(event) => void keep({ verified: event.currentTarget.checked }, { verified: definition.verified })}
        />
        <Switch
          label="Hidden"
          description="No longer offered where one chooses. What is stored stays."
          checked={definition.hidden}
          onChange={(event) => void keep({ hidden: event.currentTarget.checked }, { hidden: definition.hidden })}
        />
        <dl className={classes.facts}>
          <div>
            <dt>First seen</dt>
            <dd>
              <Instant at={definition.created_at} style="full" />
            </dd>
          </div>
          <div>
            <dt>Last seen</dt>
            <dd>{definition.last_seen_at ? <Instant at={definition.last_seen_at} style="relative" /> : 'never'}</dd>
          </div>
        </dl>
      </div>
    </Panel>
  )
}

import { TextInput, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { changeInsight, insightQuery } from '../../api-client/insights.ts'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './builder.module.css'
import type { SavedInsight } from './saved-insight.ts'

interface InsightTitleProps {
  saved: SavedInsight | undefined
  /** The question in words: stands where there is no name. */
  words: string
  /** Of one that is not saved yet. */
  name: string | undefined
  onName: (name: string | undefined) => void
}

/** The name of an insight, which a click changes. */
export function InsightTitle({ saved, words, name, onName }: InsightTitleProps) {
  const project = useProject()
  const queryClient = useQueryClient()
  const [isEditing, setIsEditing] = useState(false)
  const present = saved ? saved.body.name || undefined : name
  useHotkeys([['e', () => setIsEditing(true)]])
  const rename = async (next: string) => {
    setIsEditing(false)
    if (next === (present ?? '')) return
    if (!saved) return onName(next === '' ? undefined : next)
    try {
      const body = await changeInsight(project.id, saved.body.id, { name: next })
      queryClient.setQueryData(insightQuery(project.id, saved.body.short_id).queryKey, body)
      await queryClient.invalidateQueries({ queryKey: ['project', project.id, 'insights'] })
    } catch (error) {
      toast(`Not renamed: ${describeError(error).cause}`, 'failed')
    }
  }
  if (isEditing)
    return (
      <TitleField value={present ?? ''} placeholder={words} onDone={(next) => void rename(next)} onCancel={() => setIsEditing(false)} />
    )
  return (
    <Tooltip label="Rename · e">
      <button type="button" className={classes.title} data-unnamed={present === undefined} onClick={() => setIsEditing(true)}>
        <Untrusted>{present ?? words}</Untrusted>
      </button>
    </Tooltip>
  )
}

interface TitleFieldProps {
  value: string
  placeholder: string
  onDone: (value: string) => void
  onCancel: () => void
}

function TitleField({ value, placeholder, onDone, onCancel }: TitleFieldProps) {
  const [text, setText] = useState(value)
  return (
    <TextInput
      className={classes.titleField}
      aria-label="Name of the insight"
      placeholder={placeholder}
      maxLength={400}
      value={text}
      ref={(element) => element?.focus()}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onDone(text.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone(text.trim())
        if (event.key === 'Escape') onCancel()
      }}
    />
  )
}

import type { AnnotationBody } from '@hedgerow/protocol'
import { ActionIcon, Button, Popover, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { annotationsQuery, changeAnnotation, createAnnotation } from '../../api-client/annotations.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { describeError } from '../../api-client/errors.ts'
import { useNow } from '../../ui/clock.ts'
import { CrossIcon, NoteIcon } from '../../ui/icons.tsx'
import { Instant } from '../../ui/instant.tsx'
import { dayOf, instantOfDay } from '../../ui/time.ts'
import { toast } from '../../ui/toasts.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import { useZone } from '../../ui/zone.tsx'
import classes from './builder.module.css'

/** Notes on days, drawn over every chart of the project: releases, campaigns, outages. */
export function NotesMenu({ notes }: { notes: readonly AnnotationBody[] }) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={320} shadow="md" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          title="Notes on days"
          aria-label="Notes on days"
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <NoteIcon size={17} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>{opened && <Notes notes={notes} />}</Popover.Dropdown>
    </Popover>
  )
}

function Notes({ notes }: { notes: readonly AnnotationBody[] }) {
  const project = useProject()
  const zone = useZone()
  const nowMs = useNow()
  const queryClient = useQueryClient()
  const [day, setDay] = useState(dayOf(nowMs, zone))
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const refresh = () => queryClient.invalidateQueries({ queryKey: annotationsQuery(project.id).queryKey })
  const doing = async (work: () => Promise<unknown>) => {
    try {
      await work()
      await refresh()
    } catch (error) {
      toast(`Not changed: ${describeError(error).cause}`, 'failed')
    }
    // why: the button that was pressed is disabled or gone now, and without the focus the keyboard is out of the menu.
    field.current?.focus()
  }
  const add = () =>
    doing(async () => {
      await createAnnotation(project.id, { content: text.trim(), date_marker: instantOfDay(day, zone) })
      setText('')
    })
  const remove = (id: number) =>
    doing(async () => {
      await changeAnnotation(project.id, id, { deleted: true })
      toast('Note removed.', 'done', () => doing(() => changeAnnotation(project.id, id, { deleted: false })))
    })
  return (
    <div className={classes.notes}>
      <form
        className={classes.noteForm}
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <TextInput size="xs" type="date" aria-label="Day of the note" value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        <TextInput
          ref={field}
          size="xs"
          aria-label="Note"
          placeholder="What happened"
          maxLength={400}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" disabled={text.trim() === '' || day === ''}>
          Add
        </Button>
      </form>
      {notes.length === 0 ? (
        <p className={classes.hintText}>A note on a day is drawn over every chart of this project.</p>
      ) : (
        <ul className={classes.noteList}>
          {notes.slice(0, 50).map(({ id, content, date_marker: at }) => (
            <li key={id}>
              <Instant at={at} style="short" />
              <span className={classes.noteText}>
                <Untrusted lines="many">{content}</Untrusted>
              </span>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                aria-label={`Remove the note ${content.slice(0, 60)}`}
                onClick={() => void remove(id)}
              >
                <CrossIcon size={13} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

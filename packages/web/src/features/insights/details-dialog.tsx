import type { InsightBody } from '@hedgerow/protocol'
import { Button, Modal, TagsInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import classes from './builder.module.css'

interface DetailsDialogProps {
  insight: InsightBody
  onClose: () => void
  onSave: (details: { description: string; tags: string[] }) => Promise<void>
}

/** What an insight is about, and the tags by which it is found. */
export function DetailsDialog({ insight, onClose, onSave }: DetailsDialogProps) {
  const [description, setDescription] = useState(insight.description ?? '')
  const [tags, setTags] = useState<string[]>([...insight.tags])
  const [isBusy, setIsBusy] = useState(false)
  return (
    <Modal opened onClose={onClose} title="Description and tags" size="md">
      <form
        className={classes.dashboards}
        onSubmit={(event) => {
          event.preventDefault()
          setIsBusy(true)
          void onSave({ description: description.trim(), tags }).finally(() => setIsBusy(false))
        }}
      >
        <Textarea
          label="Description"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={4000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          data-autofocus
        />
        <TagsInput label="Tags" description="Enter ends each" value={tags} onChange={setTags} maxTags={50} />
        <Button type="submit" loading={isBusy}>
          Keep
        </Button>
      </form>
    </Modal>
  )
}

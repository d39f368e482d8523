import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { copyText } from './copy-text.ts'
import { CheckIcon, CopyIcon } from './icons.tsx'
import { toast } from './toasts.tsx'

function useCopied() {
  const [copied, setCopied] = useState(false)
  const copy = async (text: string) => {
    if (!(await copyText(text))) return toast('The browser did not allow copying. Select the text and copy it by hand.', 'failed')
    setCopied(true)
    setTimeout(() => setCopied(false), 1600)
  }
  return { copied, copy }
}

/** A small button beside the thing that it copies. */
export function CopyIconButton({ text, label }: { text: string; label: string }) {
  const { copied, copy } = useCopied()
  return (
    <Tooltip label={copied ? 'Copied' : label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={copied ? 'Copied' : label} onClick={() => void copy(text)}>
        {copied ? <CheckIcon size={15} /> : <CopyIcon size={15} />}
      </ActionIcon>
    </Tooltip>
  )
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const { copied, copy } = useCopied()
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
      onClick={() => void copy(text)}
    >
      {copied ? 'Copied' : label}
    </Button>
  )
}

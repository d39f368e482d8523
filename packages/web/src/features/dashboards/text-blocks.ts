export type TextBlock = { kind: 'heading' | 'paragraph'; text: string } | { kind: 'list'; items: string[] }

/** A text of a dashboard, taken apart: `# heading`, `- list`, paragraphs. */
export function textBlocks(text: string): TextBlock[] {
  const blocks: TextBlock[] = []
  let isOpen = false
  for (const line of text.split(/\r?\n/)) {
    const last = blocks.at(-1)
    const heading = /^#{1,4}\s+(.*)$/.exec(line)
    const item = /^[-*]\s+(.*)$/.exec(line)
    if (line.trim() === '') isOpen = false
    else if (heading) {
      blocks.push({ kind: 'heading', text: heading[1] ?? '' })
      isOpen = false
    } else if (item) {
      if (last?.kind === 'list' && isOpen) last.items.push(item[1] ?? '')
      else blocks.push({ kind: 'list', items: [item[1] ?? ''] })
      isOpen = true
    } else {
      if (last?.kind === 'paragraph' && isOpen) last.text += `\n${line}`
      else blocks.push({ kind: 'paragraph', text: line })
      isOpen = true
    }
  }
  return blocks
}

import { Modal } from '@mantine/core'
import { navigation } from '../navigation.ts'
import classes from './help.module.css'

const everywhere: { keys: string[]; label: string }[] = [
  { keys: ['⌘ K', 'Ctrl K'], label: 'Find or do anything' },
  { keys: ['?'], label: 'This list' },
  { keys: ['Esc'], label: 'Close what is open' },
]

const onPages: { keys: string[]; label: string }[] = [
  { keys: ['⌘ ↵', 'Ctrl ↵'], label: 'Run the query' },
  { keys: ['⌘ S', 'Ctrl S'], label: 'Save the insight' },
  { keys: ['e'], label: 'Rename the insight, edit the dashboard' },
  { keys: ['x'], label: 'Explain the number' },
  { keys: ['↑', '↓'], label: 'The event before or after, in live events' },
  { keys: ['Space'], label: 'Pause live events, and go on' },
]

/** Which keys do what. */
export function Help({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const pages = navigation.flatMap(({ items }) => items.map(({ label, key }) => ({ keys: [`g ${key}`], label })))
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="lg">
      <div className={classes.help}>
        <KeyList title="Everywhere" rows={everywhere} />
        <KeyList title="On pages" rows={onPages} />
        <KeyList title="Go to" rows={pages} isWide />
      </div>
    </Modal>
  )
}

function KeyList({ title, rows, isWide = false }: { title: string; rows: { keys: string[]; label: string }[]; isWide?: boolean }) {
  return (
    <section data-wide={isWide}>
      <h3 className={classes.title}>{title}</h3>
      <dl className={classes.list}>
        {rows.map(({ keys, label }) => (
          <div key={label}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

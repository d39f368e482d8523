import type { ActionStep } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { seenElementsQuery, seenUrlsQuery } from '../../api-client/actions.ts'
import { useProject } from '../../api-client/current-project.tsx'
import { ChevronDownIcon, ElementIcon } from '../../ui/icons.tsx'
import { formatCompact } from '../../ui/numbers.ts'
import { PickList } from '../../ui/pick-list.tsx'
import { Untrusted } from '../../ui/untrusted.tsx'
import classes from './actions.module.css'
import { type ElementChoice, elementChoices, urlChoices } from './elements.ts'
import { offeredParts, parts, stepOfElement, withPart } from './steps.ts'

interface PickerProps {
  step: ActionStep
  place: number
  onChange: (step: ActionStep) => void
}

/** Chooses from the elements that were clicked lately, instead of writing a selector. */
export function ElementPicker({ step, place, onChange }: PickerProps) {
  const project = useProject()
  const query = useQuery(seenElementsQuery(project.id))
  const choices = useMemo(() => elementChoices(query.data ?? []), [query.data])
  const [picked, setPicked] = useState<ElementChoice>()
  return (
    <div className={classes.pick}>
      <PickList
        label={`Choose an element that was clicked, for step ${place}`}
        placeholder="Search what was clicked lately"
        isLoading={query.isFetching}
        width={440}
        groups={[{ label: '', options: choices.slice(0, 300).map(optionOf) }]}
        className={classes.pickButton}
        onPick={(key) => {
          const choice = choices.find((each) => each.key === key)
          if (!choice) return
          setPicked(choice)
          onChange(stepOfElement(step, choice))
        }}
      >
        <ElementIcon size={15} />
        Choose an element that was clicked
        <ChevronDownIcon size={13} />
      </PickList>
      {picked &&
        offeredParts(step, picked).map(({ name, value }) => (
          <button
            key={name}
            type="button"
            className={classes.offer}
            onClick={() => {
              const part = parts.find((each) => each.name === name)
              if (part) onChange(withPart(step, part, value))
            }}
          >
            and {parts.find((each) => each.name === name)?.label.toLowerCase()}
            <Untrusted>{value}</Untrusted>
          </button>
        ))}
      {query.data?.length === 0 && <span className={classes.faint}>No click was captured in the last 30 days.</span>}
    </div>
  )
}

function optionOf({ key, tag, text, href, selector, events, url }: ElementChoice) {
  const about = [tag, href, selector, url && `on ${pathOf(url)}`].filter(Boolean).join(' · ')
  return { value: key, label: text ?? href ?? selector ?? tag, about: about.slice(0, 200), detail: formatCompact(events) }
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url
}

/** Chooses from the addresses that people were at lately. */
export function UrlPicker({ place, onPick }: { place: number; onPick: (url: string) => void }) {
  const project = useProject()
  const [isOpen, setIsOpen] = useState(false)
  const query = useQuery({ ...seenUrlsQuery(project.id), enabled: isOpen })
  const [search, setSearch] = useState('')
  const choices = useMemo(() => urlChoices(query.data ?? []), [query.data])
  const wanted = search.trim().toLowerCase()
  return (
    <PickList
      label={`Seen pages for step ${place}`}
      placeholder="Search pages seen lately"
      isLoading={query.isFetching}
      width={440}
      onSearch={(text) => {
        setIsOpen(text !== undefined)
        setSearch(text ?? '')
      }}
      groups={[
        {
          label: '',
          options: choices
            .filter(({ url }) => url.toLowerCase().includes(wanted))
            .slice(0, 200)
            .map(({ url, events }) => ({ value: url, label: url, detail: formatCompact(events) })),
        },
      ]}
      className={classes.seen}
      onPick={onPick}
    >
      Pages seen
    </PickList>
  )
}

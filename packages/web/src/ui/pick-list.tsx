import { Combobox, Loader, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import classes from './pick-list.module.css'
import { Untrusted } from './untrusted.tsx'

export interface PickOption {
  value: string
  label: string
  /** Before the label. */
  mark?: ReactNode
  /** At the end, in faint small text. */
  detail?: ReactNode
  /** Under the label. */
  about?: string
}

export interface PickGroup {
  label: string
  options: PickOption[]
}

interface PickListProps {
  /** Names the button for assistive technology, together with what stands in it. */
  label: string
  /** What stands in the button. */
  children: ReactNode
  /** A hook, called while the list is open, with what is searched for. */
  useGroups: (search: string) => { groups: PickGroup[]; isLoading?: boolean }
  onPick: (value: string) => void
  placeholder?: string
  /** The groups do not depend on what is typed: they are searched here. */
  isFixed?: boolean
  /** A few options need no search. */
  hasSearch?: boolean
  /** What is typed may itself be picked, for instance a value that was not seen yet. */
  offersTyped?: (typed: string) => PickOption | undefined
  value?: string | undefined
  width?: number
  /** Between the search and the list. */
  head?: ReactNode
  className?: string | undefined
  isOpenInitially?: boolean
  disabled?: boolean
}

/** A button that opens a searched list of things to choose from. Everything in it is reached with the keyboard. */
export function PickList(props: PickListProps) {
  const { label, children, onPick, value, width = 320, className, disabled = false } = props
  const [search, setSearch] = useState('')
  const combobox = useCombobox({
    defaultOpened: props.isOpenInitially ?? false,
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      setSearch('')
      combobox.focusTarget()
    },
    onDropdownOpen: () => {
      if (props.hasSearch ?? true) combobox.focusSearchInput()
    },
  })
  return (
    <Combobox
      store={combobox}
      width={`min(${width}px, calc(100vw - 24px))`}
      position="bottom-start"
      shadow="md"
      withinPortal
      onOptionSubmit={(picked) => {
        onPick(picked)
        combobox.closeDropdown()
      }}
    >
      <Combobox.Target targetType="button">
        <button
          type="button"
          className={className ?? classes.button}
          aria-label={typeof children === 'string' ? `${label}: ${children}` : label}
          disabled={disabled}
          onClick={() => combobox.toggleDropdown()}
        >
          {children}
        </button>
      </Combobox.Target>
      <Combobox.Dropdown className={classes.dropdown}>
        {combobox.dropdownOpened && (
          <PickBody
            {...props}
            search={search}
            onSearch={(text) => {
              setSearch(text)
              combobox.updateSelectedOptionIndex()
            }}
            selected={value}
            onReady={() => combobox.selectFirstOption()}
          />
        )}
      </Combobox.Dropdown>
    </Combobox>
  )
}

interface PickBodyProps extends PickListProps {
  search: string
  onSearch: (text: string) => void
  selected: string | undefined
  onReady: () => void
}

function PickBody(props: PickBodyProps) {
  const { label, search, onSearch, useGroups, isFixed = false, hasSearch = true, placeholder, offersTyped, selected, head } = props
  const [settled] = useDebouncedValue(search, isFixed ? 0 : 150)
  const { groups: found, isLoading = false } = useGroups(isFixed ? '' : settled.trim())
  const shown = isFixed ? found.map((group) => ({ ...group, options: matching(group.options, search) })) : found
  const filled = shown.filter(({ options }) => options.length > 0)
  const typed = search.trim() === '' ? undefined : offersTyped?.(search.trim())
  const isKnown = typed !== undefined && filled.some(({ options }) => options.some(({ value }) => value === typed.value))
  return (
    <>
      {hasSearch && (
        <Combobox.Search
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
          placeholder={placeholder ?? 'Search'}
          aria-label={`Search: ${label}`}
          spellCheck={false}
          rightSection={isLoading ? <Loader size={14} color="gray" /> : undefined}
        />
      )}
      {head}
      <Combobox.Options className={classes.options} aria-label={label}>
        {typed && !isKnown && <Option option={typed} isSelected={false} />}
        {filled.map((group) =>
          group.label === '' ? (
            group.options.map((option) => <Option key={option.value} option={option} isSelected={option.value === selected} />)
          ) : (
            <Combobox.Group key={group.label} label={group.label}>
              {group.options.map((option) => (
                <Option key={option.value} option={option} isSelected={option.value === selected} />
              ))}
            </Combobox.Group>
          ),
        )}
        {filled.length === 0 && !typed && <Combobox.Empty>{isLoading ? 'Searching …' : 'Nothing matches.'}</Combobox.Empty>}
      </Combobox.Options>
    </>
  )
}

function Option({ option, isSelected }: { option: PickOption; isSelected: boolean }) {
  return (
    <Combobox.Option value={option.value} active={isSelected} className={classes.option}>
      {option.mark}
      <span className={classes.words}>
        <span className={classes.label}>
          <Untrusted>{option.label}</Untrusted>
        </span>
        {option.about && <span className={classes.about}>{option.about}</span>}
      </span>
      {option.detail !== undefined && <span className={classes.detail}>{option.detail}</span>}
    </Combobox.Option>
  )
}

function matching(options: readonly PickOption[], search: string): PickOption[] {
  const wanted = search.trim().toLowerCase()
  return options.filter(({ label, value }) => label.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted))
}

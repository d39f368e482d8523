import { Combobox, Loader, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type ReactNode, useEffect, useState } from 'react'
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
  groups: readonly PickGroup[]
  isLoading?: boolean
  /** What is searched for, a moment after typing; undefined while the list is closed. Without it the groups are all there is, and searched here. */
  onSearch?: (search: string | undefined) => void
  onPick: (value: string) => void
  placeholder?: string
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
  const { label, children, onPick, onSearch, value, width = 320, className, disabled = false } = props
  const [search, setSearch] = useState('')
  const combobox = useCombobox({
    defaultOpened: props.isOpenInitially ?? false,
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      setSearch('')
      onSearch?.(undefined)
      combobox.focusTarget()
    },
    onDropdownOpen: () => {
      onSearch?.('')
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
          aria-haspopup="dialog"
          aria-label={typeof children === 'string' ? `${label}: ${children}` : label}
          disabled={disabled}
          onClick={() => combobox.toggleDropdown()}
        >
          {children}
        </button>
      </Combobox.Target>
      <Combobox.Dropdown className={classes.dropdown}>
        {combobox.dropdownOpened && (
          // why: the library's own box takes no role, and what stands in none belongs to no part of the page.
          <div role="dialog" aria-label={label}>
            <PickBody
              {...props}
              search={search}
              onType={(text) => {
                setSearch(text)
              }}
              selected={value}
              onMatches={combobox.selectFirstOption}
              onEnter={() => {
                if (combobox.getSelectedOptionIndex() < 0) combobox.selectFirstOption()
              }}
            />
          </div>
        )}
      </Combobox.Dropdown>
    </Combobox>
  )
}

// why: what scrolls must be reachable by keyboard.
const scrollable = { tabIndex: 0 }

interface PickBodyProps extends PickListProps {
  search: string
  onType: (text: string) => void
  selected: string | undefined
  /** Called when other options match. */
  onMatches: () => void
  /** Called before Enter takes the option that is selected: a fast one may come before any is. */
  onEnter: () => void
}

function PickBody(props: PickBodyProps) {
  const {
    label,
    search,
    onType,
    onSearch,
    groups,
    isLoading = false,
    hasSearch = true,
    placeholder,
    offersTyped,
    selected,
    head,
    onMatches,
    onEnter,
  } = props
  const [settled] = useDebouncedValue(search.trim(), 150)
  const [asked, setAsked] = useState<string>()
  useEffect(() => {
    onSearch?.(settled)
    setAsked(settled)
  }, [settled, onSearch])
  // why: what was found for fewer letters must not be taken by Enter while the answer to the whole word is still on its way,
  // nor in the moment before it is asked for, in which nothing is loading yet.
  const isFoundHere = !onSearch || isLoading || asked !== search.trim()
  const shown = isFoundHere ? groups.map((group) => ({ ...group, options: matching(group.options, search) })) : groups
  const filled = shown.filter(({ options }) => options.length > 0)
  const typed = search.trim() === '' ? undefined : offersTyped?.(search.trim())
  const isKnown = typed !== undefined && filled.some(({ options }) => options.some(({ value }) => value === typed.value))
  const isEmpty = filled.length === 0 && !typed
  const first = filled[0]?.options[0]?.value
  useEffect(() => {
    if (search !== '' && first !== undefined) onMatches()
  }, [search, first, onMatches])
  return (
    <>
      {hasSearch && (
        <Combobox.Search
          value={search}
          onChange={(event) => onType(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && search !== '' && onEnter()}
          placeholder={placeholder ?? 'Search'}
          aria-label={`Search: ${label}`}
          spellCheck={false}
          rightSection={isLoading ? <Loader size={14} color="gray" /> : undefined}
        />
      )}
      {head}
      {isEmpty && <Combobox.Empty role="status">{isLoading ? 'Searching …' : 'Nothing matches.'}</Combobox.Empty>}
      {/* why: what the field controls is there also when it holds nothing, and then it holds options alone, thus none. */}
      <Combobox.Options className={isEmpty ? '' : (classes.options ?? '')} aria-label={label} {...(isEmpty ? {} : scrollable)}>
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
        {typed && !isKnown && <Option option={typed} isSelected={false} />}
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

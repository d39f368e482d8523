import { ActionIcon, TextInput } from '@mantine/core'
import { useState } from 'react'
import { formulaProblem } from '../../query-model/formula.ts'
import type { FormulaNode, TrendsQuery } from '../../query-model/nodes.ts'
import { CrossIcon, PlusIcon } from '../../ui/icons.tsx'
import { placed } from '../../ui/placed.ts'
import classes from './builder.module.css'
import { Section } from './section.tsx'

/** Arithmetic over the series by their letters. */
export function FormulaSection({ query, onChange }: { query: TrendsQuery; onChange: (query: TrendsQuery) => void }) {
  const formulas = query.trendsFilter?.formulaNodes ?? []
  const change = (next: FormulaNode[]) =>
    onChange({
      ...query,
      trendsFilter: { ...query.trendsFilter, formulaNodes: next.length > 0 ? next : undefined, hiddenLegendIndexes: undefined },
    })
  return (
    <Section
      title="Formula"
      end={
        <button
          type="button"
          className={classes.quiet}
          onClick={() => change([...formulas, { formula: query.series.length > 1 ? 'A / B' : 'A' }])}
        >
          <PlusIcon size={14} />
          Formula
        </button>
      }
    >
      {placed(formulas).map(({ key, place, item: formula }) => (
        <FormulaField
          key={`${key} of ${formulas.length}`}
          formula={formula}
          number={place + 1}
          seriesCount={query.series.length}
          onChange={(next) => change(formulas.map((each, at) => (at === place ? next : each)))}
          onRemove={() => change(formulas.filter((_, at) => at !== place))}
        />
      ))}
    </Section>
  )
}

interface FormulaFieldProps {
  formula: FormulaNode
  number: number
  seriesCount: number
  onChange: (formula: FormulaNode) => void
  onRemove: () => void
}

function FormulaField({ formula, number, seriesCount, onChange, onRemove }: FormulaFieldProps) {
  const [text, setText] = useState(formula.formula)
  const [name, setName] = useState(formula.custom_name ?? '')
  const settle = () => {
    const next = { formula: text, custom_name: name.trim() === '' ? undefined : name.trim() }
    if (next.formula !== formula.formula || next.custom_name !== formula.custom_name) onChange(next)
  }
  return (
    <div className={classes.formula}>
      <TextInput
        size="sm"
        aria-label={`Formula ${number}`}
        className={classes.formulaText}
        value={text}
        error={formulaProblem(text, seriesCount)}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={settle}
        onKeyDown={(event) => event.key === 'Enter' && settle()}
        spellCheck={false}
      />
      <TextInput
        size="sm"
        aria-label={`Name of formula ${number}`}
        placeholder="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={settle}
        onKeyDown={(event) => event.key === 'Enter' && settle()}
      />
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={`Remove formula ${number}`} onClick={onRemove}>
        <CrossIcon size={14} />
      </ActionIcon>
    </div>
  )
}

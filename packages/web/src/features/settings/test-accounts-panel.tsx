import { Switch } from '@mantine/core'
import { FilterList } from '../../pickers/filter-groups.tsx'
import { filtersIn } from '../../query-model/filters.ts'
import { Panel } from '../../ui/page.tsx'
import classes from './settings.module.css'
import type { SettingsForm } from './settings-form.ts'

interface TestAccountsPanelProps {
  form: SettingsForm
  onChange: (part: Partial<SettingsForm>) => void
}

/** Who is left out where a question is asked without test accounts. */
export function TestAccountsPanel({ form, onChange }: TestAccountsPanelProps) {
  return (
    <Panel
      title="Test accounts"
      note="“Without test accounts”, in an insight, counts only events that meet all of these: for instance those of persons whose e‑mail does not contain your company's domain."
    >
      <div className={classes.parts}>
        <FilterList
          of="real accounts"
          filters={filtersIn(form.test_account_filters)}
          onChange={(filters) => onChange({ test_account_filters: filters })}
        />
        <Switch
          label="Leave them out of new insights"
          description="An insight that begins without them can still count them."
          disabled={form.test_account_filters.length === 0}
          checked={form.test_account_filters_default_checked}
          onChange={(event) => onChange({ test_account_filters_default_checked: event.currentTarget.checked })}
        />
      </div>
    </Panel>
  )
}

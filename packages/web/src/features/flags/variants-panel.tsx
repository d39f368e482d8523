import { ActionIcon, Button, Checkbox, Group, JsonInput, NumberInput, SegmentedControl, TextInput } from '@mantine/core'
import { PlusIcon, TrashIcon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { evenShares, type FlagDraft, type FormProblem, type VariantDraft } from './flag-form.ts'
import classes from './flags.module.css'

interface VariantsPanelProps {
  draft: FlagDraft
  problems: readonly FormProblem[]
  onChange: (change: Partial<FlagDraft>) => void
}

const twoVariants: VariantDraft[] = [
  { key: 'control', name: '', share: 50, payload: '' },
  { key: 'test', name: '', share: 50, payload: '' },
]

type Kind = 'boolean' | 'variants' | 'remote'
const kindOf = ({ variants, isRemote }: FlagDraft): Kind => (isRemote ? 'remote' : variants.length === 0 ? 'boolean' : 'variants')

/** What changes with the kind. Payloads that are hidden would be of another kind, and go. */
function ofKind(kind: Kind, { sets, isEncrypted, keepsPayloads }: FlagDraft): Partial<FlagDraft> {
  return {
    variants: kind === 'variants' ? twoVariants : [],
    isRemote: kind === 'remote',
    isEncrypted: kind === 'remote' && isEncrypted,
    keepsPayloads: kind === 'remote' && keepsPayloads,
    ...(kind === 'variants' ? {} : { sets: sets.map((one) => ({ ...one, variant: null })) }),
  }
}

/** What the flag answers: on or off, or one of several variants, with a payload for each; or a configuration alone. */
export function VariantsPanel({ draft, problems, onChange }: VariantsPanelProps) {
  const { variants, keepsPayloads } = draft
  const problem = (field: string) => problems.find((each) => each.field === field)?.text
  const set = (index: number, next: Partial<VariantDraft>) =>
    onChange({ variants: variants.map((variant, at) => (at === index ? { ...variant, ...next } : variant)) })
  return (
    <Panel title="What does it answer?">
      <div className={classes.stack}>
        <SegmentedControl
          aria-label="Kind of answer"
          value={kindOf(draft)}
          onChange={(value) => onChange(ofKind(value as Kind, draft))}
          data={[
            { value: 'boolean', label: 'On or off' },
            { value: 'variants', label: 'Several variants' },
            { value: 'remote', label: 'Configuration' },
          ]}
        />
        {draft.isRemote && <RemoteParts draft={draft} onChange={onChange} />}
        {keepsPayloads && !draft.isRemote && (
          <p className={classes.soft}>The payloads are encrypted: they stay as they are, and are not shown.</p>
        )}
        {variants.length === 0 && !keepsPayloads && (
          <Payload
            label="Payload"
            isNeeded={draft.isRemote}
            value={draft.payload}
            error={problem('payload')}
            onChange={(payload) => onChange({ payload })}
          />
        )}
        {variants.map((variant, index) => (
          <div key={`variant-${String(index)}`} className={classes.variant}>
            <TextInput
              label={`Variant ${index + 1}`}
              value={variant.key}
              onChange={(event) => set(index, { key: event.currentTarget.value })}
            />
            <TextInput
              className={classes.second ?? ''}
              label="Description"
              value={variant.name}
              onChange={(event) => set(index, { name: event.currentTarget.value })}
            />
            <NumberInput
              label="Share"
              suffix=" %"
              min={0}
              max={100}
              decimalScale={4}
              value={variant.share}
              onChange={(share) => set(index, { share: Number(share) || 0 })}
            />
            <ActionIcon
              className={classes.removing ?? ''}
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove variant ${index + 1}`}
              disabled={variants.length === 1}
              onClick={() => onChange({ variants: evenShares(variants.filter((_, at) => at !== index)) })}
            >
              <TrashIcon size={16} />
            </ActionIcon>
            {!keepsPayloads && (
              <div className={classes.wide}>
                <Payload
                  label={`Payload of variant ${index + 1}`}
                  value={variant.payload}
                  error={problem(`payload ${index}`)}
                  onChange={(payload) => set(index, { payload })}
                />
              </div>
            )}
          </div>
        ))}
        {problem('variants') && <p className={classes.look}>{problem('variants')}</p>}
        {variants.length > 0 && (
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<PlusIcon size={14} />}
              onClick={() => onChange({ variants: evenShares([...variants, { key: freeKey(variants), name: '', share: 0, payload: '' }]) })}
            >
              Add a variant
            </Button>
            <Button size="xs" variant="subtle" onClick={() => onChange({ variants: evenShares(variants) })}>
              Share evenly
            </Button>
          </Group>
        )}
      </div>
    </Panel>
  )
}

/** Of a flag that servers read like a setting. */
function RemoteParts({ draft, onChange }: Pick<VariantsPanelProps, 'draft' | 'onChange'>) {
  return (
    <>
      <p className={classes.soft}>A setting that servers read by the key, with a secret key or a personal API key, whoever asks.</p>
      <Checkbox
        label="Encrypt the payload"
        description="It is stored encrypted, is shown to nobody, and is not in the answers that apps get."
        checked={draft.isEncrypted}
        // why: what was hidden cannot be shown, so that without encryption it is written anew.
        onChange={(event) => onChange({ isEncrypted: event.currentTarget.checked, keepsPayloads: false })}
      />
      {draft.keepsPayloads && (
        <div className={classes.ask}>
          <span className={classes.soft}>The payload is encrypted: it stays as it is, and is not shown.</span>
          <Button size="xs" variant="default" onClick={() => onChange({ keepsPayloads: false })}>
            Replace the payload
          </Button>
        </div>
      )}
    </>
  )
}

function freeKey(variants: readonly VariantDraft[]): string {
  const taken = new Set(variants.map(({ key }) => key))
  for (let number = variants.length; ; number++) if (!taken.has(`test-${number}`)) return `test-${number}`
}

interface PayloadProps {
  label: string
  isNeeded?: boolean
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function Payload({ label, isNeeded = false, value, error, onChange }: PayloadProps) {
  return (
    <JsonInput
      label={label}
      description={isNeeded ? 'JSON that is read.' : 'JSON that your app gets along with the answer; none is needed.'}
      placeholder='{"color": "green"}'
      autosize
      minRows={1}
      maxRows={12}
      value={value}
      error={error}
      onChange={onChange}
    />
  )
}

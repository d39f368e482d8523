import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const hedge: MantineColorsTuple = [
  '#eef6f0',
  '#dcecdf',
  '#b9d9c1',
  '#92c4a0',
  '#6fb084',
  '#509a6d',
  '#38865b',
  '#2b6c48',
  '#225739',
  '#18412a',
]
const berry: MantineColorsTuple = [
  '#fdf0f1',
  '#fae0e2',
  '#f0bcc1',
  '#e4939b',
  '#d87480',
  '#cb5a67',
  '#c04453',
  '#b5303f',
  '#932331',
  '#701924',
]
const neutral: MantineColorsTuple = [
  '#f6f7f3',
  '#eef0ea',
  '#e1e4db',
  '#cbd0c3',
  '#b0b8aa',
  '#858e81',
  '#636d63',
  '#4d574e',
  '#343c36',
  '#1b211c',
]
const dark: MantineColorsTuple = [
  '#e8ece7',
  '#b1bab2',
  '#8f9990',
  '#6d776f',
  '#3b433d',
  '#292f2a',
  '#1f2421',
  '#181c19',
  '#111412',
  '#0c0e0d',
]

/** The list itself scrolls, not a box around it, which the keyboard could not reach. */
const scrollingOptions = {
  withScrollArea: false,
  styles: { options: { maxHeight: 240, overflowY: 'auto' as const } },
}

/** Mantine draws with our tokens: its own variables are set from tokens.css below. */
export const theme = createTheme({
  primaryColor: 'hedge',
  primaryShade: { light: 7, dark: 7 },
  colors: { hedge, berry, gray: neutral, dark },
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  radius: { xs: '4px', sm: '7px', md: '7px', lg: '12px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontFamily: 'var(--font-text)', fontWeight: '620' },
  components: {
    Tooltip: {
      defaultProps: { openDelay: 250, withArrow: false, events: { hover: true, focus: true, touch: true }, multiline: true, maw: 360 },
    },
    Button: { defaultProps: { size: 'sm', fw: 560 } },
    Checkbox: { defaultProps: { radius: 'xs' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' }, ...scrollingOptions } },
    MultiSelect: { defaultProps: { ...scrollingOptions } },
    // why: whoever types a whole word must be able to go on with one click, though suggestions still stand there.
    Autocomplete: { defaultProps: { comboboxProps: { withOverlay: false }, ...scrollingOptions } },
    TagsInput: { defaultProps: { comboboxProps: { withOverlay: false }, ...scrollingOptions } },
    // why: what an open list or menu covers in part would be a target too small to hit; so the first click beside it closes it.
    Popover: {
      defaultProps: {
        withOverlay: true,
        overlayProps: { color: 'transparent', backgroundOpacity: 0, zIndex: 299, style: { position: 'absolute' } },
      },
    },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Modal: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        centered: true,
        radius: 'lg',
        overlayProps: { backgroundOpacity: 0.45 },
      },
    },
    // why: what takes the focus beside the items would be one of a menu's children, of which only items may be.
    Menu: { defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false } },
  },
})

const tokens = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-faint)',
  '--mantine-color-anchor': 'var(--hedge-ink)',
  '--mantine-color-error': 'var(--berry-ink)',
  '--mantine-color-placeholder': 'var(--ink-faint)',
  '--mantine-color-default': 'var(--raised)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-hedge-filled': 'var(--hedge)',
  '--mantine-color-hedge-filled-hover': 'var(--hedge-strong)',
  '--mantine-color-hedge-light': 'var(--hedge-soft)',
  '--mantine-color-hedge-light-hover': 'var(--selected)',
  '--mantine-color-hedge-light-color': 'var(--hedge-ink)',
  '--mantine-color-berry-filled': 'var(--berry)',
  '--mantine-color-berry-light': 'var(--berry-soft)',
  '--mantine-color-berry-light-color': 'var(--berry-ink)',
}

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: tokens, dark: tokens })

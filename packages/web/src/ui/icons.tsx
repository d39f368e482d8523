import type { ReactNode, SVGProps } from 'react'

/**
 * Our own icons: a grid of 20, strokes of 1.5, round ends. They are always beside a text or inside a labelled
 * button, so they are hidden from assistive technology.
 */
export type IconProps = { size?: number } & Omit<SVGProps<SVGSVGElement>, 'children'>

function Icon({ size = 18, children, ...rest }: IconProps & { children: ReactNode }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...rest}
    >
      {children}
    </svg>
  )
}

export const HomeIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 9.2 10 3.5l7 5.7M5 7.8V16a.8.8 0 0 0 .8.8h8.4a.8.8 0 0 0 .8-.8V7.8M8.2 16.8v-4.4h3.6v4.4" />
  </Icon>
)
export const LiveIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M2.5 10.5h3l2.2-6 4.1 11 2.3-5h3.4" />
  </Icon>
)
export const ExperimentIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M7.5 3h5M8.5 3v5L4 15.2A1.2 1.2 0 0 0 5 17h10a1.2 1.2 0 0 0 1-1.8L11.5 8V3M6.3 12.5h7.4" />
  </Icon>
)
export const FlagIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M4.5 17.5v-14M4.5 4c3.5-2 6.5 2 11 0v7.5c-4.5 2-7.5-2-11 0" />
  </Icon>
)
export const EarlyAccessIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 17V8.5M10 12c0-3.2-2-5-5.5-5 0 3.4 2 5 5.5 5ZM10 9.5c0-3.4 2.2-5.5 6-6 0 3.8-2.2 6-6 6ZM6 17h8" />
  </Icon>
)
export const PersonsIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="7.5" cy="6.5" r="3" />
    <path d="M2 16.5c.4-3.2 2.6-5 5.5-5s5.1 1.8 5.5 5M13 3.8a3 3 0 0 1 0 5.4M15.5 12.2c1.5.8 2.3 2.3 2.5 4.3" />
  </Icon>
)
export const DashboardIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 4.5A1.5 1.5 0 0 1 4.5 3H8v6H3zM12 3h3.5A1.5 1.5 0 0 1 17 4.5V7h-5zM3 13h5v4H4.5A1.5 1.5 0 0 1 3 15.5zM12 11h5v4.5a1.5 1.5 0 0 1-1.5 1.5H12z" />
  </Icon>
)
export const CohortsIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="7.5" cy="10" r="4.75" />
    <circle cx="12.5" cy="10" r="4.75" />
  </Icon>
)
export const GroupsIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 17V4.5L10 3v14M10 7.5h5.5a1.5 1.5 0 0 1 1.5 1.5v8M2 17h16M6 7.5h1M6 11h1M13 11h1M13 14h1" />
  </Icon>
)
export const PersonIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="6.5" r="3.25" />
    <path d="M3.7 17c.5-3.5 3-5.5 6.3-5.5s5.8 2 6.3 5.5" />
  </Icon>
)
export const EventsIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 5h2M8 5h9M3 10h2M8 10h9M3 15h2M8 15h6" />
  </Icon>
)
export const PropertiesIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 3.5h6l7 7-6 6-7-7z" />
    <circle cx="7" cy="7" r=".8" fill="currentColor" />
  </Icon>
)
export const IngestionIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 4h14M5.5 8.5h9M8 13h4M10 13v4M8.3 15.5 10 17.2l1.7-1.7" />
  </Icon>
)
export const ConnectIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M7.5 12.5 12.5 7.5M9 6l1.7-1.7a3.5 3.5 0 0 1 5 5L14 11M11 14l-1.7 1.7a3.5 3.5 0 0 1-5-5L6 9" />
  </Icon>
)
export const SettingsIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 6h7M14.5 6H17M3 14h2.5M10 14h7" />
    <circle cx="12.25" cy="6" r="2.25" />
    <circle cx="7.75" cy="14" r="2.25" />
  </Icon>
)
export const KeyIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="6.5" cy="13.5" r="3.25" />
    <path d="m9 11 7.5-7.5M13.5 6.5l2.5 2.5" />
  </Icon>
)
export const SearchIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="8.75" cy="8.75" r="5.25" />
    <path d="m12.7 12.7 4.3 4.3" />
  </Icon>
)
export const CopyIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="7" y="7" width="10" height="10" rx="2" />
    <path d="M13 4.5A1.5 1.5 0 0 0 11.5 3h-7A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13" />
  </Icon>
)
export const CheckIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m4 10.5 4 4 8-9" />
  </Icon>
)
export const CrossIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
)
export const PlusIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 4v12M4 10h12" />
  </Icon>
)
export const PauseIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M7 4.5v11M13 4.5v11" strokeWidth={2.2} />
  </Icon>
)
export const PlayIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M6.5 4.2v11.6l9-5.8z" fill="currentColor" />
  </Icon>
)
export const ChevronDownIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m5.5 8 4.5 4.5L14.5 8" />
  </Icon>
)
export const SelectorIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m6.5 7.5 3.5-3.5 3.5 3.5M6.5 12.5l3.5 3.5 3.5-3.5" />
  </Icon>
)
export const MenuIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 5.5h14M3 10h14M3 14.5h14" />
  </Icon>
)
export const SunIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="10" r="3.25" />
    <path d="M10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1" />
  </Icon>
)
export const MoonIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z" />
  </Icon>
)
export const ScreenIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 4h14v9.5H3zM7 17h6M10 13.5V17" />
  </Icon>
)
export const WarningIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 3 2.5 16.5h15zM10 8.5v3.5M10 14.4v.1" />
  </Icon>
)
export const RetryIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M16.5 10a6.5 6.5 0 1 1-2-4.7M16.5 3v3.2h-3.2" />
  </Icon>
)
export const TrashIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 5.5h13M8 5.5V3.5h4v2M5 5.5l.8 11h8.4l.8-11M8.5 9v4.5M11.5 9v4.5" />
  </Icon>
)
export const SplitIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 17v-5c0-3-5-3-5-7M10 12c0-3 5-3 5-7M2.8 6.7 5 4.5l2.2 2.2M12.8 6.7 15 4.5l2.2 2.2" />
  </Icon>
)
export const MergeIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 3.5V9c0 3-5 3-5 7M10 9c0 3 5 3 5 7M7.8 5.7 10 3.5l2.2 2.2" />
  </Icon>
)
export const SignOutIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M8 3.5H4.5v13H8M12 6.5l3.5 3.5-3.5 3.5M15.5 10H8" />
  </Icon>
)
export const PanelIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 4h14v12H3zM8 4v12" />
  </Icon>
)
export const LockIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9" />
  </Icon>
)
export const DotsIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" strokeWidth={2.6} />
  </Icon>
)
export const CursorIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m5 4 10.5 4.3-4.6 1.8-1.9 4.7z" />
  </Icon>
)
export const InsightIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 16.5h14M4 12.5l4-4.5 3.2 3L16.5 5M13 4.5h3.5V8" />
  </Icon>
)
export const FunnelIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 16.5V4M8 16.5V8M12.5 16.5v-6M17 16.5v-3" strokeWidth={2.4} />
  </Icon>
)
export const RetentionIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 4h13M3.5 8.2h9.5M3.5 12.4h6M3.5 16.5h3" strokeWidth={2.4} />
  </Icon>
)
export const PathsIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 5.5c7 0 6 9 14 9M3 14.5c4 0 5-2.4 7-4.5 2-2.2 3.5-4.5 7-4.5" />
  </Icon>
)
export const LifecycleIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 10h14M5 10V5.500M9 10V3.500M13 10V6M5 10v4M9 10v3M13 10v5.500M16 10V8" strokeWidth={2} />
  </Icon>
)
export const StickinessIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 3.500v13h13M6 6c.8 5 3.5 7.5 9.5 8" />
  </Icon>
)
export const FilterIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 5h14M6 10h8M8.5 15h3" />
  </Icon>
)
export const DuplicateIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="3.5" y="3.5" width="9" height="9" rx="2" />
    <path d="M15.5 8v6a2 2 0 0 1-2 2H8" />
  </Icon>
)
export const PencilIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m4 16 .8-3.600L13.5 3.700l2.8 2.8-8.7 8.700zM11.5 5.700l2.8 2.8" />
  </Icon>
)
export const GripIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M7.5 5h.01M12.5 5h.01M7.5 10h.01M12.5 10h.01M7.5 15h.01M12.5 15h.01" strokeWidth={2.4} />
  </Icon>
)
export const CalendarIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="3" y="4.5" width="14" height="12" rx="2" />
    <path d="M3 8.500h14M7 2.800v3M13 2.800v3" />
  </Icon>
)
export const StarIcon = ({ filled = false, ...props }: IconProps & { filled?: boolean }) => (
  <Icon {...props}>
    <path d="m10 3 2.1 4.5 4.9.6-3.6 3.4.9 4.9-4.3-2.4-4.3 2.4.9-4.900L3 8.100l4.9-.6z" fill={filled ? 'currentColor' : 'none'} />
  </Icon>
)
export const DownloadIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 3v9M6.5 9l3.5 3.500L13.5 9M3.5 16.500h13" />
  </Icon>
)
export const CodeIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m7 6-4 4 4 4M13 6l4 4-4 4M11.2 4.500l-2.4 11" />
  </Icon>
)
export const QuestionIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="10" r="7" />
    <path d="M7.9 8a2.2 2.2 0 1 1 3.2 2c-.8.4-1.1.8-1.1 1.600M10 14v.1" />
  </Icon>
)
export const StopIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="5.5" y="5.5" width="9" height="9" rx="1.5" fill="currentColor" />
  </Icon>
)
export const NoteIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M4 3.500h12v9l-4 4H4zM12 16.500v-4h4M7 7.500h6M7 10.500h3" />
  </Icon>
)
export const ChevronRightIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m8 5.5 4.5 4.500L8 14.5" />
  </Icon>
)
export const HistoryIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 10a6.5 6.5 0 1 0 2-4.700L3.500 7M3.500 3.500V7H7M10 6.500V10l2.500 2" />
  </Icon>
)
export const ElementIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M4 7V5.500A1.500 1.500 0 0 1 5.500 4H7M13 4h1.500A1.500 1.500 0 0 1 16 5.500V7M4 13v1.500A1.500 1.500 0 0 0 5.500 16H7M9.500 9.500l7 2.500-3 1.200-1.200 3z" />
  </Icon>
)

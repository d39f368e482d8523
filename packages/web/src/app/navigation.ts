import type { ComponentType } from 'react'
import {
  CodeIcon,
  CohortsIcon,
  ConnectIcon,
  CursorIcon,
  DashboardIcon,
  EarlyAccessIcon,
  EventsIcon,
  ExperimentIcon,
  FlagIcon,
  GroupsIcon,
  HomeIcon,
  type IconProps,
  IngestionIcon,
  InsightIcon,
  KeyIcon,
  LiveIcon,
  PersonsIcon,
  PropertiesIcon,
  SettingsIcon,
} from '../ui/icons.tsx'

export interface NavigationItem {
  label: string
  /** Below `/project/$projectId`. */
  to:
    | '/project/$projectId/home'
    | '/project/$projectId/insights'
    | '/project/$projectId/flags'
    | '/project/$projectId/early-access'
    | '/project/$projectId/sql'
    | '/project/$projectId/dashboards'
    | '/project/$projectId/experiments'
    | '/project/$projectId/live'
    | '/project/$projectId/persons'
    | '/project/$projectId/cohorts'
    | '/project/$projectId/groups'
    | '/project/$projectId/actions'
    | '/project/$projectId/data/events'
    | '/project/$projectId/data/properties'
    | '/project/$projectId/ingestion'
    | '/project/$projectId/connect'
    | '/project/$projectId/settings'
    | '/project/$projectId/keys'
  Icon: ComponentType<IconProps>
  /** Typed after `g` goes there. */
  key: string
}

export const navigation: { label: string; items: NavigationItem[] }[] = [
  {
    label: 'Analyse',
    items: [
      { label: 'Home', to: '/project/$projectId/home', Icon: HomeIcon, key: 'h' },
      { label: 'Insights', to: '/project/$projectId/insights', Icon: InsightIcon, key: 'i' },
      { label: 'Dashboards', to: '/project/$projectId/dashboards', Icon: DashboardIcon, key: 'd' },
      { label: 'SQL', to: '/project/$projectId/sql', Icon: CodeIcon, key: 'q' },
      { label: 'Live events', to: '/project/$projectId/live', Icon: LiveIcon, key: 'l' },
    ],
  },
  {
    label: 'Product',
    items: [
      { label: 'Feature flags', to: '/project/$projectId/flags', Icon: FlagIcon, key: 'f' },
      { label: 'Early access', to: '/project/$projectId/early-access', Icon: EarlyAccessIcon, key: 'b' },
      { label: 'Experiments', to: '/project/$projectId/experiments', Icon: ExperimentIcon, key: 'x' },
    ],
  },
  {
    label: 'People',
    items: [
      { label: 'Persons', to: '/project/$projectId/persons', Icon: PersonsIcon, key: 'p' },
      { label: 'Cohorts', to: '/project/$projectId/cohorts', Icon: CohortsIcon, key: 'o' },
      { label: 'Groups', to: '/project/$projectId/groups', Icon: GroupsIcon, key: 'u' },
    ],
  },
  {
    label: 'Data',
    items: [
      { label: 'Events', to: '/project/$projectId/data/events', Icon: EventsIcon, key: 'e' },
      { label: 'Actions', to: '/project/$projectId/actions', Icon: CursorIcon, key: 'a' },
      { label: 'Properties', to: '/project/$projectId/data/properties', Icon: PropertiesIcon, key: 'r' },
      { label: 'Ingestion', to: '/project/$projectId/ingestion', Icon: IngestionIcon, key: 'n' },
    ],
  },
  {
    label: 'Project',
    items: [
      { label: 'Connect your app', to: '/project/$projectId/connect', Icon: ConnectIcon, key: 'c' },
      { label: 'Settings', to: '/project/$projectId/settings', Icon: SettingsIcon, key: 's' },
      { label: 'Keys', to: '/project/$projectId/keys', Icon: KeyIcon, key: 'k' },
    ],
  },
]

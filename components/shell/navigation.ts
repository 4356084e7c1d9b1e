import { Boxes, KeyRound, Layers, ListVideo, ScrollText, Server, Users, type LucideIcon } from 'lucide-react';
import type { RoleName } from '@/core/wire';

export interface NavItem {
  id: string;
  label: string;
  href: (entity: string) => string;
  Icon: LucideIcon;
  /** Second key after `g`. */
  shortcut?: string;
  /** Only people with this role see it. */
  role?: RoleName;
  /** Whether an address belongs to it. */
  holds: (pathname: string, entity: string) => boolean;
}

const under = (part: string) => (pathname: string, entity: string) =>
  pathname === `/${entity}/${part}` || pathname.startsWith(`/${entity}/${part}/`);

/** Pages of an entity, in the order of the sidebar. */
const NAVIGATION: readonly NavItem[] = [
  {
    id: 'queues',
    label: 'Queues',
    href: (entity) => `/${entity}`,
    Icon: Layers,
    shortcut: 'q',
    holds: (pathname, entity) => pathname === `/${entity}` || under('queues')(pathname, entity),
  },
  {
    id: 'runs',
    label: 'Runs',
    href: (entity) => `/${entity}/runs`,
    Icon: ListVideo,
    shortcut: 'r',
    holds: (pathname, entity) => under('runs')(pathname, entity) || pathname.startsWith('/runs/'),
  },
  {
    id: 'jobs',
    label: 'Jobs',
    href: (entity) => `/${entity}/jobs`,
    Icon: Boxes,
    shortcut: 'j',
    holds: under('jobs'),
  },
  {
    id: 'agents',
    label: 'Agents',
    href: (entity) => `/${entity}/agents`,
    Icon: Server,
    shortcut: 'a',
    holds: under('agents'),
  },
  {
    id: 'tokens',
    label: 'Tokens & keys',
    href: (entity) => `/${entity}/tokens`,
    Icon: KeyRound,
    shortcut: 't',
    holds: under('tokens'),
  },
  {
    id: 'members',
    label: 'Members',
    href: (entity) => `/${entity}/members`,
    Icon: Users,
    shortcut: 'm',
    holds: under('members'),
  },
  {
    id: 'audit',
    label: 'Audit log',
    href: (entity) => `/${entity}/audit`,
    Icon: ScrollText,
    shortcut: 'u',
    role: 'admin',
    holds: under('audit'),
  },
];

/** Those of the pages that somebody with this role sees. */
export const pagesFor = (role: RoleName | undefined): readonly NavItem[] =>
  NAVIGATION.filter((item) => item.role === undefined || item.role === role);

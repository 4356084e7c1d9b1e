import type { RoleName } from '@/core/wire';
import type { SelectOption } from '../ui/select';

export const ROLES: readonly SelectOption<RoleName>[] = [
  { value: 'viewer', label: 'viewer', description: 'Reads everything.' },
  { value: 'member', label: 'member', description: 'Launches, stops own runs.' },
  { value: 'admin', label: 'admin', description: 'Makes queues, tokens, secrets, members; stops any run.' },
];

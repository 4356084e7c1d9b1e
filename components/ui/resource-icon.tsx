import { Boxes, Cloud, Container, Ship, SquareTerminal, type LucideIcon } from 'lucide-react';
import type { ResourceId } from '@/core/wire';

const ICONS: Record<ResourceId, LucideIcon> = {
  'local-container': Container,
  'local-process': SquareTerminal,
  kubernetes: Ship,
  sagemaker: Boxes,
  'gcp-vertex': Cloud,
};

/** The icon of a kind of compute; its name stands beside it or in the `title` of the cell. */
export function ResourceIcon({ resource, className }: { resource: ResourceId; className?: string }) {
  const Icon = ICONS[resource];
  return <Icon aria-hidden className={className} />;
}

'use client';
import { RESOURCE_INFO } from '@/core/queue-config';
import { RESOURCES, type ResourceId } from '@/core/wire';
import { Badge } from '../ui/badge';
import { RadioCards } from '../ui/radio-cards';
import { ResourceIcon } from '../ui/resource-icon';

/** Choice of the kind of compute. */
export function ResourceCards({
  value,
  onChange,
}: {
  value: ResourceId;
  onChange: (resource: ResourceId) => void;
}) {
  return (
    <RadioCards
      label="Resource"
      value={value}
      onValueChange={onChange}
      className="sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-5"
      options={RESOURCES.map((id) => ({
        value: id,
        title: RESOURCE_INFO[id].label,
        description: RESOURCE_INFO[id].blurb,
        icon: <ResourceIcon resource={id} />,
        aside: RESOURCE_INFO[id].servable ? undefined : <Badge>Preview only</Badge>,
      }))}
    />
  );
}

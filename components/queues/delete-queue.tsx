'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Queue } from '@/core/wire';
import { api } from '../lib/api';
import { plural } from '../lib/format';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { Checkbox } from '../ui/checkbox';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { toast } from '../ui/toast';
import { queuePath } from './queries';

/** Deletes a queue; with runs that have not ended only after "stop and delete" was said. */
export function DeleteQueue({ queue }: { queue: Queue }) {
  const client = useQueryClient();
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const [force, setForce] = useState(false);
  const open = queue.counts.waiting + queue.counts.inFlight;
  const remove = async () => {
    await api.delete(queuePath(queue.entity, queue.name), { query: { force } });
    toast.success(`Queue ${queue.name} is deleted.`);
    router.push('/');
    await client.invalidateQueries({ queryKey: ['entity', queue.entity] });
  };
  return (
    <SectionCard
      title="Delete queue"
      description="Its configuration and secrets are gone for good. The history of its runs stays readable."
    >
      <Button variant="danger" onClick={() => setAsking(true)}>
        <Trash2 aria-hidden /> Delete queue
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={(next) => {
          setAsking(next);
          setForce(false);
        }}
        danger
        title={`Delete ${queue.name}?`}
        confirmLabel={force ? 'Stop and delete' : 'Delete queue'}
        typeToConfirm={queue.name}
        onConfirm={remove}
      >
        {open > 0 && (
          <Checkbox
            checked={force}
            onCheckedChange={(on) => setForce(on === true)}
            label={`Stop ${plural(open, 'run')} that have not ended, and delete`}
            description="Without it the queue is deleted only when nothing waits or runs."
          />
        )}
      </ConfirmDialog>
    </SectionCard>
  );
}

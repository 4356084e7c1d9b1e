import type { Metadata } from 'next';
import { CreateQueuePage } from '@/components/queues/create-queue-page';

export const metadata: Metadata = { title: 'Create queue' };

export default async function Page({ params }: { params: Promise<{ entity: string }> }) {
  const { entity } = await params;
  return <CreateQueuePage entity={decodeURIComponent(entity)} />;
}

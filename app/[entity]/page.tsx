import type { Metadata } from 'next';
import { QueuesHome } from '@/components/home';

export const metadata: Metadata = { title: 'Queues' };

export default async function Page({ params }: { params: Promise<{ entity: string }> }) {
  return <QueuesHome entity={decodeURIComponent((await params).entity)} />;
}

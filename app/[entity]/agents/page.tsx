import type { Metadata } from 'next';
import { AgentsPage } from '@/components/agents';

export const metadata: Metadata = { title: 'Agents' };

export default async function Page({ params }: { params: Promise<{ entity: string }> }) {
  return <AgentsPage entity={decodeURIComponent((await params).entity)} />;
}

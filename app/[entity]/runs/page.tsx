import type { Metadata } from 'next';
import { RunsPage } from '@/components/runs/runs-page';

export const metadata: Metadata = { title: 'Runs' };

export default async function Page({ params }: { params: Promise<{ entity: string }> }) {
  return <RunsPage entity={decodeURIComponent((await params).entity)} />;
}

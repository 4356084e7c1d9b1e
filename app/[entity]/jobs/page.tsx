import type { Metadata } from 'next';
import { JobsPage } from '@/components/jobs/jobs-page';

export const metadata: Metadata = { title: 'Jobs' };

export default async function Page({ params }: { params: Promise<{ entity: string }> }) {
  return <JobsPage entity={decodeURIComponent((await params).entity)} />;
}

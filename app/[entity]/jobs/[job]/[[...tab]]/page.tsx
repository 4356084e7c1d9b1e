import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { JobPage } from '@/components/jobs/job-page';
import { jobTab } from '@/components/jobs/job-tabs';

interface Props {
  params: Promise<{ entity: string; job: string; tab?: string[] }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).job) };
}

export default async function Page({ params }: Props) {
  const { entity, job, tab } = await params;
  const open = jobTab(tab);
  if (open === undefined) notFound();
  return <JobPage entity={decodeURIComponent(entity)} job={decodeURIComponent(job)} tab={open} />;
}

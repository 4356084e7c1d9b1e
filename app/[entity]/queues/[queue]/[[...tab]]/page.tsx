import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { QueuePage } from '@/components/queues/queue-page';
import { queueTab } from '@/components/queues/queue-tabs';

interface Props {
  params: Promise<{ entity: string; queue: string; tab?: string[] }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).queue) };
}

export default async function Page({ params }: Props) {
  const { entity, queue, tab } = await params;
  const open = queueTab(tab);
  if (open === undefined) notFound();
  return <QueuePage entity={decodeURIComponent(entity)} queue={decodeURIComponent(queue)} tab={open} />;
}

import type { Metadata } from 'next';
import { RunPage } from '@/components/runs/run-page';

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Run ${(await params).id}` };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return <RunPage key={id} id={id} />;
}

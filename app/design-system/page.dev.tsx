import type { Metadata } from 'next';
import { Showcase } from '@/components/showcase';

export const metadata: Metadata = { title: 'Design system' };

export default function Page() {
  return <Showcase />;
}

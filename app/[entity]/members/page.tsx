import type { Metadata } from 'next';
import { MembersPage } from '@/components/members';

export const metadata: Metadata = { title: 'Members' };

export default async function Page({ params }: { params: Promise<{ entity: string }> }) {
  return <MembersPage entity={decodeURIComponent((await params).entity)} />;
}

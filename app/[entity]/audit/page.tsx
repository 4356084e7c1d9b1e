import type { Metadata } from 'next';
import { AuditPage } from '@/components/audit';

export const metadata: Metadata = { title: 'Audit log' };

export default async function Page({ params }: { params: Promise<{ entity: string }> }) {
  return <AuditPage entity={decodeURIComponent((await params).entity)} />;
}

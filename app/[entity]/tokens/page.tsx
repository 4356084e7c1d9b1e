import type { Metadata } from 'next';
import { TokensPage } from '@/components/tokens';

export const metadata: Metadata = { title: 'Tokens and keys' };

export default async function Page({ params }: { params: Promise<{ entity: string }> }) {
  return <TokensPage entity={decodeURIComponent((await params).entity)} />;
}

import type { Metadata } from 'next';
import { SignInPage } from '@/components/access/sign-in-page';
import { offersOidc } from '@/server/session';

export const metadata: Metadata = { title: 'Sign in' };
type Search = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined);

export default async function Page({ searchParams }: { searchParams: Promise<Search> }) {
  const { next, callbackUrl, error } = await searchParams;
  return <SignInPage oidc={offersOidc()} next={one(next) ?? one(callbackUrl)} error={one(error)} />;
}

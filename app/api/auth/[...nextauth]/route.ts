import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '@/server/auth-options';

interface Context {
  params: Promise<{ nextauth: string[] }>;
}
/** The options are those of the running server, so they are made for each request rather than at build time. */
const handler = async (request: NextRequest, context: Context): Promise<Response> =>
  (await NextAuth(request, context, authOptions())) as Response;

export { handler as GET, handler as POST };

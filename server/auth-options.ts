import type { NextAuthOptions, User } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { CLIENT_ADDRESS_HEADER, getDoor } from './door';
import type { Door } from './door';
import { isSecure, sessionCookieName } from './session-cookie';

/** Seconds a browser stays signed in without use. */
const SESSION_SECONDS = 14 * 86_400;

declare module 'next-auth' {
  interface User {
    /** Number of the user's sessions: a password change raises it and so ends the older ones. */
    sv: number;
  }
}
declare module 'next-auth/jwt' {
  interface JWT {
    sv?: number;
  }
}

/** Sign-in of browsers: e-mail and password, and OpenID Connect where it is configured. The cookie holds who, and of which session. */
export function authOptions(): NextAuthOptions {
  const door = getDoor();
  const secure = isSecure(door.baseUrl);
  return {
    secret: door.sessionSecret,
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    useSecureCookies: secure,
    cookies: {
      sessionToken: {
        name: sessionCookieName(door.baseUrl),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      },
    },
    providers: [passwordProvider(door), ...(door.oidc ? [oidcProvider(door.oidc)] : [])],
    callbacks: {
      signIn: async ({ user, account, profile }) => {
        if (account?.provider !== 'oidc') return true;
        const claims = (profile ?? {}) as { email_verified?: boolean; email?: string; name?: string };
        const signedIn = await door.signInWithOidc({
          provider: 'oidc',
          subject: account.providerAccountId,
          email: claims.email ?? null,
          emailVerified: claims.email_verified === true,
          name: claims.name ?? null,
        });
        Object.assign(user, asUser(signedIn));
        return true;
      },
      jwt: ({ token, user }) => {
        // `user` is there at sign-in only.
        const signedIn = user as User | undefined;
        return signedIn ? { sub: signedIn.id, sv: signedIn.sv } : token;
      },
      session: ({ session }) => ({ expires: session.expires }),
    },
  };
}

function passwordProvider(door: Door) {
  return CredentialsProvider({
    id: 'credentials',
    name: 'password',
    credentials: { email: { type: 'email' }, password: { type: 'password' } },
    authorize: async (credentials, request) => {
      if (!credentials) return null;
      const address: unknown = (request.headers as Record<string, unknown> | undefined)?.[
        CLIENT_ADDRESS_HEADER
      ];
      const signedIn = await door.verifyPassword({
        email: credentials.email,
        password: credentials.password,
        ip: typeof address === 'string' ? address : 'unknown',
      });
      return signedIn && asUser(signedIn);
    },
  });
}

function oidcProvider({
  issuer,
  clientId,
  clientSecret,
}: NonNullable<Door['oidc']>): OAuthConfig<{ sub: string; name?: string; email?: string }> {
  return {
    id: 'oidc',
    name: 'OpenID Connect',
    type: 'oauth',
    wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    authorization: { params: { scope: 'openid email profile' } },
    checks: ['pkce', 'state', 'nonce'],
    idToken: true,
    clientId,
    clientSecret,
    // Who it is on our side is found in the signIn callback.
    profile: ({ sub, name, email }) => ({ id: sub, name: name ?? null, email: email ?? null, sv: -1 }),
  };
}

const asUser = (signedIn: { userId: string; sessionVersion: number; name: string; email: string }): User => ({
  id: signedIn.userId,
  name: signedIn.name,
  email: signedIn.email,
  sv: signedIn.sessionVersion,
});

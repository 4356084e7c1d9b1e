/** Browsers take a cookie of the `__Secure-` kind over https only, so the name follows the address that the server is reached at. */
export const sessionCookieName = (baseUrl: string): string =>
  isSecure(baseUrl) ? '__Secure-next-auth.session-token' : 'next-auth.session-token';

export const isSecure = (baseUrl: string): boolean => new URL(baseUrl).protocol === 'https:';

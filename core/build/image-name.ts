/** Repository of images that stay on the host they are built on. */
const LOCAL_REPOSITORY = 'slipway-build';

/** Name of the image that is built of a source; `destination`: where it is pushed to, null for an image of this host. */
export const builtImage = (destination: string | null, tag: string): string =>
  `${destination ?? LOCAL_REPOSITORY}:${tag}`;

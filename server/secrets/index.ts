export { openBytes, sealBytes } from './seal';
export type { Sealed, SecretKeys } from './seal';
export { deleteSecret, listSecrets, openSecrets, openSecretsOf, putSecret, rotateSecrets } from './secrets';

export { deleteSecret, listSecrets, openSecrets, openSecretsOf, putSecret, rotateSecrets } from './secrets';

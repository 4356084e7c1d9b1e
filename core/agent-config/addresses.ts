import { parseEcrAddress, parseGoogleAddress } from './cloud-addresses';
import type { RegistryType } from './types';

const ECR_WITHOUT_DKR = /^([^./]+)\.ecr\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)(\/.*)?$/;
const ECR_ARN = /^arn:(aws[a-z-]*):ecr:([a-z0-9-]+):(\d{12}):repository\/(.+)$/;

export interface Address {
  address: string;
  warning: string | null;
}

/** A registry address as images are named by: no scheme, no trailing slash; ECR without `dkr` and the ARN of an ECR repository become the address that is meant. */
export function registryAddress(written: string): Address {
  const plain = written.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const arn = ECR_ARN.exec(plain);
  if (arn !== null) {
    const [, partition = '', region = '', account = '', repository = ''] = arn;
    const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    const address = `${account}.dkr.ecr.${region}.${domain}/${repository}`;
    return { address, warning: `The ARN is taken as ${address}.` };
  }
  const ecr = ECR_WITHOUT_DKR.exec(plain);
  if (ecr === null) return { address: plain, warning: null };
  const [, account = '', region = '', domain = '', path = ''] = ecr;
  const address = `${account}.dkr.ecr.${region}.${domain}${path}`;
  return { address, warning: `An ECR address has "dkr" in it; this one is taken as ${address}` };
}

/** What is wrong with the name of images that are pushed; null when nothing is. */
export function destinationProblem(address: string): string | null {
  if (/\s/.test(address) || address.startsWith('-')) return 'expected <registry>/<repository>';
  if (address.includes('@')) return 'expected an image name without digest and user';
  if ((address.split('/').at(-1) ?? '').includes(':') && address.includes('/'))
    return 'expected an image name without tag; Slipway makes the tag';
  return null;
}

/** Which kind of registry an address belongs to. */
export function registryTypeOf(address: string): RegistryType {
  if (parseEcrAddress(address) !== null) return 'ecr';
  if (parseGoogleAddress(address) !== null) return 'gcr';
  return (address.split('/')[0] ?? '').endsWith('.azurecr.io') ? 'acr' : 'docker';
}

/** What a store of build contexts may be. */
export const STORE_FORMS =
  'expected s3://bucket/path, gs://bucket/path, https://account.blob.core.windows.net/container or an absolute path.';

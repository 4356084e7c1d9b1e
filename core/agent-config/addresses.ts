import type { RegistryType } from './types';

const ECR_WITHOUT_DKR = /^([^./]+)\.ecr\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)(\/.*)?$/;
const ECR_ARN = /^arn:(aws[a-z-]*):ecr:([a-z0-9-]+):(\d{12}):repository\/(.+)$/;

export interface Address {
  address: string;
  warning: string | null;
}

/** A registry address as images are named by: no scheme, no trailing slash; the ARN of an ECR repository becomes its address. */
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
  return {
    address: plain,
    warning: `An ECR address has "dkr" in it: ${account}.dkr.ecr.${region}.${domain}${path}`,
  };
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
  const host = address.split('/')[0] ?? '';
  if (/\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(host)) return 'ecr';
  if (/(^|\.)gcr\.io$|-docker\.pkg\.dev$/.test(host)) return 'gcr';
  return host.endsWith('.azurecr.io') ? 'acr' : 'docker';
}

/** Where a build context may be put: S3, Cloud Storage, Azure Blob, or a directory of the agent's host. */
export const isContextStore = (store: string): boolean =>
  /^(s3|gs):\/\/[^/]+/.test(store) ||
  /^https:\/\/[a-z0-9]+\.blob\.core\.[a-z.]+\/[^/]+/.test(store) ||
  /^(file:\/\/)?\/[^/]/.test(store);

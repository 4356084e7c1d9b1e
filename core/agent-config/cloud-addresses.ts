import type { AgentEnvironment } from './types';

export interface EcrAddress {
  /** 12 digits. */
  account: string;
  region: string;
  host: string;
  /** Empty where the address names only the registry. */
  repository: string;
}

const ECR_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/;

/** Parts of `account.dkr.ecr.region.amazonaws.com/repository[:tag]`; null when it is not an address of ECR. */
export function parseEcrAddress(image: string): EcrAddress | null {
  const { host, path } = split(image);
  const [, account, region] = ECR_HOST.exec(host) ?? [];
  return account === undefined || region === undefined ? null : { account, region, host, repository: path };
}

export interface GoogleAddress {
  project: string;
  /** Of Artifact Registry: a region, or `us`, `europe`, `asia`. Null for `gcr.io`. */
  location: string | null;
  /** Repository and image of Artifact Registry, image of `gcr.io`. */
  rest: string[];
}

/** Parts of `location-docker.pkg.dev/project/repository/image` or `gcr.io/project/image`; null for any other address. */
export function parseGoogleAddress(image: string): GoogleAddress | null {
  const { host, path } = split(image);
  const location = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(host)?.[1] ?? null;
  if (location === null && !/^([a-z]+\.)?gcr\.io$/.test(host)) return null;
  const parts = path.split('/').filter(Boolean);
  // Projects of a domain (`example.com:project`) have the domain as a part of its own.
  const project = parts[0]?.includes('.') ? parts.splice(0, 2).join(':') : parts.shift();
  return { project: project ?? '', location, rest: parts };
}

function split(image: string): { host: string; path: string } {
  const slash = image.indexOf('/');
  if (slash === -1) return { host: image, path: '' };
  return { host: image.slice(0, slash), path: image.slice(slash + 1).replace(/(:[^:/@]*)?(@.*)?$/, '') };
}

/** Locations of Artifact Registry that span regions. */
const SPANNING = new Set(['us', 'europe', 'asia']);

/** What does not fit together in the place where images go and the environment; both may be meant, so they are warnings. */
export function environmentMismatches(address: string, environment: AgentEnvironment | null): string[] {
  const ecr = parseEcrAddress(address);
  if (ecr !== null && environment?.type === 'aws' && ecr.region !== environment.region) {
    return [
      `Images go to ECR in ${ecr.region}, but environment.region is ${environment.region}. SageMaker takes images of its own region only.`,
    ];
  }
  const google = parseGoogleAddress(address);
  if (google === null || environment?.type !== 'gcp') return [];
  const { location, project } = google;
  const found: string[] = [];
  if (location !== null && location !== environment.region && !SPANNING.has(location))
    found.push(
      `Images go to Artifact Registry in ${location}, but environment.region is ${environment.region}.`,
    );
  if (project !== environment.project)
    found.push(`Images go to the project ${project}, but environment.project is ${environment.project}.`);
  return found;
}

/** What an address of a cloud's registry lacks to be the name of images; null when nothing. */
export function incompleteAddress(address: string): string | null {
  const ecr = parseEcrAddress(address);
  if (ecr?.repository === '') return `expected ${ecr.host}/<repository>`;
  const google = parseGoogleAddress(address);
  if (google !== null) {
    const [host] = address.split('/');
    const wanted =
      google.location === null ? ['<project>', '<image>'] : ['<project>', '<repository>', '<image>'];
    if (google.rest.length < wanted.length - 1) return `expected ${String(host)}/${wanted.join('/')}`;
  }
  return /^[^/]+\.azurecr\.io$/.test(address) ? `expected ${address}/<repository>` : null;
}

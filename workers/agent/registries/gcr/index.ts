import type { GcpEnvironment } from '../../environments';
import { registryError } from '../cloud-error';
import { createOciRegistry } from '../oci';
import type { Registry } from '../types';

/**
 * Google's Artifact Registry and Container Registry: the OCI protocol with an access token as the password
 * (https://cloud.google.com/artifact-registry/docs/docker/authentication#token).
 */
export const createGcrRegistry = (environment: GcpEnvironment): Registry =>
  createOciRegistry({
    rights: {
      pull: 'artifactregistry.repositories.downloadArtifacts on the repository (roles/artifactregistry.reader)',
      push: 'artifactregistry.repositories.uploadArtifacts on the repository (roles/artifactregistry.writer)',
    },
    credentials: async (signal) => {
      try {
        return { username: 'oauth2accesstoken', password: await environment.token(signal) };
      } catch (error) {
        throw registryError(error);
      }
    },
  });

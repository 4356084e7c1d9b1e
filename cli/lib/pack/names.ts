/** Files at the root of a packed directory that builds need, whatever `.dockerignore` says. */
export const FILES_OF_BUILDS = ['.dockerignore', 'Dockerfile', 'Dockerfile.slipway', 'Dockerfile.wandb'];

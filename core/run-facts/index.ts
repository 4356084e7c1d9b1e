export { compareDocuments, launchOf, submissionOf, type Difference } from './compare';
export { latestParts } from './parts';
export { resourceCommand } from './resource-command';

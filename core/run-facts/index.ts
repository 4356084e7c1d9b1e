export { compareDocuments, launchOf, submissionOf, type Difference } from './compare';
export { latestParts, type ToldParts } from './parts';
export { resourceCommand } from './resource-command';

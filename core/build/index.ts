export { generateDockerfile } from './dockerfile';
export { builtImage } from './image-name';
export { chooseDockerfile, normalPath } from './lookup';
export { compareBytes, sourceTag, type HashedFile } from './source-hash';
export { parseIgnoreFile, type IgnoreFile } from './ignore-file';

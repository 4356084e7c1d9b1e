export { generateDockerfile, type DockerfileInput } from './dockerfile';
export { builtImage } from './image-name';
export { chooseDockerfile, normalPath, type DockerfileChoice } from './lookup';
export { compareBytes, sourceTag, type HashedFile } from './source-hash';
export { parseIgnoreFile, type IgnoreFile } from './ignore-file';

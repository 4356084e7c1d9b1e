import { RegistryError } from '../types';

export interface ImageName {
  /** Host with port, as the docker configuration names it; `index.docker.io` for Docker Hub. */
  host: string;
  /** Where its API answers. */
  apiHost: string;
  repository: string;
  tag: string;
}

/** Takes `host[:port]/path:tag` apart; without a host it is an image of Docker Hub. @throws RegistryError `config` */
export function readImageName(image: string): ImageName {
  const match = /^(?:([^/]+)\/)?(.+?)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?$/.exec(image);
  const [, first, rest = '', tag = 'latest'] = match ?? [];
  const isHost = first !== undefined && (/[.:]/.test(first) || first === 'localhost');
  const host = isHost ? first : 'docker.io';
  const path = isHost || first === undefined ? rest : `${first}/${rest}`;
  if (match === null || !/^[a-z0-9]+([._/-]+[a-z0-9]+)*$/.test(path))
    throw new RegistryError('config', `${image} is not the name of an image.`);
  if (host !== 'docker.io' && host !== 'index.docker.io')
    return { host, apiHost: host, repository: path, tag };
  const repository = path.includes('/') ? path : `library/${path}`;
  return { host: 'index.docker.io', apiHost: 'registry-1.docker.io', repository, tag };
}

/** Whether docker too speaks plain HTTP to this host without being told to. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);

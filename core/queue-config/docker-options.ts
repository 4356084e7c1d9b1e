import { FLAG_OPTIONS, REFUSED_OPTIONS, VALUE_OPTIONS } from '@/core/render/docker/options';

/** Long options of `docker run`, for completion in editors; the renderer's own tables, so that the two cannot differ. */
export const DOCKER_OPTIONS: readonly string[] = [...VALUE_OPTIONS, ...FLAG_OPTIONS].sort();

/** Options that a configuration cannot set → why, as the end of a sentence. */
export const DOCKER_RESERVED: Readonly<Record<string, string>> = Object.fromEntries(REFUSED_OPTIONS);

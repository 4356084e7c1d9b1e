export { createApp } from './app';
export type { HttpApp } from './app';

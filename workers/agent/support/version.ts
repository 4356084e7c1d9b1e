import packageJson from '@/package.json';

/** Release of the agent, shown on its page. */
export const AGENT_VERSION: string = packageJson.version;

/** Agents: registration, what people see of them, what is asked of them. What they do with runs is in `server/runs`. */
export { commandAgent } from './command';
export { getAgentSettings, putAgentSettings, resumeRestedAgents } from './health';
export { getAgent, listAgents } from './list';
export { registerAgent } from './register';
export { listAgentRuns } from './runs';

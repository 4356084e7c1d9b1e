/** What stands for the token where it is not known. */
export const TOKEN_PLACEHOLDER = 'slw_agent_…';

export interface AgentCommandLine {
  /** Address of this server as the browser sees it. */
  baseUrl: string;
  entity: string;
  /** None: every queue named later; the command then asks for one. */
  queues: readonly string[];
  token?: string;
}

/** The command that starts an agent. Names hold nothing that a shell would read. */
export function agentCommand({
  baseUrl,
  entity,
  queues,
  token = TOKEN_PLACEHOLDER,
}: AgentCommandLine): string {
  const flags = (queues.length > 0 ? queues : ['QUEUE']).map((queue) => `-q ${queue}`).join(' ');
  return `SLIPWAY_BASE_URL=${baseUrl} \\\nSLIPWAY_AGENT_TOKEN=${token} \\\nnpx slipway launch-agent ${flags} -e ${entity}`;
}

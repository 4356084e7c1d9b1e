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
/** The same, for ways that have to be told what the queues need. */
export interface ServiceLine extends AgentCommandLine {
  /** One of the queues runs containers: the agent needs the Docker engine of its host. */
  docker: boolean;
}

const flagsOf = ({ entity, queues }: AgentCommandLine): string =>
  `${(queues.length > 0 ? queues : ['QUEUE']).map((queue) => `-q ${queue}`).join(' ')} -e ${entity}`;

/** The command that starts an agent in a terminal. Names hold nothing that a shell would read. */
export function agentCommand(line: AgentCommandLine): string {
  const { baseUrl, token = TOKEN_PLACEHOLDER } = line;
  return `SLIPWAY_BASE_URL=${baseUrl} \\\nSLIPWAY_AGENT_TOKEN=${token} \\\nnpx slipway launch-agent ${flagsOf(line)}`;
}

/** An agent in a container, as docs/guides/agents.md ("In Docker") describes its image; its state outlives the container. */
export function dockerAgentCommand(line: ServiceLine): string {
  const { baseUrl, docker, token = TOKEN_PLACEHOLDER } = line;
  return [
    'docker run -d --name slipway-agent --hostname slipway-agent --restart on-failure --stop-timeout 90',
    '-v slipway-agent:/home/node',
    ...(docker
      ? [`-v /var/run/docker.sock:/var/run/docker.sock --group-add "$(stat -c '%g' /var/run/docker.sock)"`]
      : []),
    `-e SLIPWAY_BASE_URL=${baseUrl}`,
    `-e SLIPWAY_AGENT_TOKEN=${token}`,
    `${docker ? 'slipway-agent:latest' : 'slipway:latest'} launch-agent ${flagsOf(line)} --drain-timeout 60`,
  ].join(' \\\n  ');
}

/**
 * An agent as a service of the machine, under a user of its own. The token is in a file that only root reads. Only the agent itself gets
 * the signal to stop, so that runs go on over a restart; it is not started again after wrong use (2) or a refused token (3).
 */
export function systemdAgentCommand(line: ServiceLine): string {
  const { baseUrl, docker, token = TOKEN_PLACEHOLDER } = line;
  return `id slipway >/dev/null 2>&1 || sudo useradd --system --create-home slipway
sudo install -D -m 600 /dev/stdin /etc/slipway/agent.env <<'END'
SLIPWAY_BASE_URL=${baseUrl}
SLIPWAY_AGENT_TOKEN=${token}
END
sudo tee /etc/systemd/system/slipway-agent.service >/dev/null <<'END'
[Unit]
Description=Slipway agent
Wants=network-online.target
After=network-online.target${docker ? ' docker.service' : ''}

[Service]
User=slipway
${docker ? 'SupplementaryGroups=docker\n' : ''}EnvironmentFile=/etc/slipway/agent.env
StateDirectory=slipway-agent
StateDirectoryMode=0700
ExecStart=/usr/bin/env slipway launch-agent ${flagsOf(line)} --state-dir /var/lib/slipway-agent --drain-timeout 60
KillMode=process
TimeoutStopSec=90
Restart=on-failure
RestartPreventExitStatus=2 3

[Install]
WantedBy=multi-user.target
END
sudo systemctl daemon-reload && sudo systemctl enable --now slipway-agent`;
}

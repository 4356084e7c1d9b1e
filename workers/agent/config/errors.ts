/** The agent cannot start as it is asked to: what is wrong and what would be right. */
export class AgentUsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AgentUsageError';
  }
}

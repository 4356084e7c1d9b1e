/**
 * Who did something, as people read it. Events of runs name their actor with its kind (`user:Ada Admin`, `agent:rack-7`, `system`); the
 * audit log keeps the two apart.
 */
export function actorLabel(actor: string): string {
  const [, kind, name = ''] = /^(user|agent):(.*)$/s.exec(actor) ?? [];
  if (kind === 'user') return name;
  if (kind === 'agent') return `agent ${name}`;
  return actor === 'system' ? 'Slipway' : actor;
}

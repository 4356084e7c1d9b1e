export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
type Fields = Record<string, string | number | boolean | null | undefined>;

/** What the agent tells its operator, on standard error. Never given tokens, secret values or environments. */
export interface AgentLog {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same log with fields put on every line (`run`, `queue`). */
  child(fields: Fields): AgentLog;
}

export interface LoggerOptions {
  level: LogLevel;
  /** One JSON object a line instead of text for people. */
  json: boolean;
  write?: (line: string) => void;
  now?: () => Date;
}

export function createLogger(options: LoggerOptions, bound: Fields = {}): AgentLog {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const now = options.now ?? (() => new Date());
  const at =
    (level: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(options.level)) return;
      const all = { ...bound, ...fields };
      write(options.json ? jsonLine(level, message, all, now()) : textLine(level, message, all, now()));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => createLogger(options, { ...bound, ...fields }),
  };
}

const jsonLine = (level: LogLevel, message: string, fields: Fields, time: Date) =>
  `${JSON.stringify({ time: time.toISOString(), level, message, ...fields })}\n`;

function textLine(level: LogLevel, message: string, fields: Fields, time: Date): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(
      ([key, value]) => `${key}=${/^[^\s"=]+$/.test(String(value)) ? String(value) : JSON.stringify(value)}`,
    );
  const clock = time.toTimeString().slice(0, 8);
  return `${[clock, level.toUpperCase().padEnd(5), message.replaceAll('\n', '\n               '), ...rest].join(' ')}\n`;
}

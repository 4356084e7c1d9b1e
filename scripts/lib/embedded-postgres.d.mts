export interface PostgresServer {
  /** Connection string for a database of the cluster; `slipway` unless named. */
  url(database?: string): string;
  pid: number;
  createDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}
export interface StartOptions {
  dir: string;
  port?: number;
  password?: string;
  /** `name=value` settings of PostgreSQL. */
  settings?: string[];
  onLog?: (line: string) => void;
}
export function startPostgres(options: StartOptions): Promise<PostgresServer>;
export function withScratchDatabase<T>(fn: (url: string) => Promise<T>): Promise<T>;

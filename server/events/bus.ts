import type { RunState } from '@/core/wire';

/** What the processes of one installation tell each other. Small: a NOTIFY payload holds 8000 bytes. */
export type BusMessage =
  | {
      type: 'run';
      runId: string;
      entity: string;
      queue: string;
      queueId: string;
      state: RunState;
      stopping: boolean;
      seq: number;
    }
  | { type: 'log'; runId: string; bytes: number }
  | { type: 'queue'; entity: string; queue: string; queueId: string }
  | { type: 'agent'; entity: string; agentId: string }
  /** `count` runs of a queue became leasable: wakes as many waiting lease calls, and drops hints. */
  | { type: 'work'; queueId: string; count: number }
  /** Runs were put back into a queue below what may have been scanned: drop hints. */
  | { type: 'requeued'; queueId: string }
  /** An agent has a command or a stop waiting: its next heartbeat should come soon (a long poll returns). */
  | { type: 'nudge'; agentId: string }
  /** A token, key or session version changed: forget cached credentials. */
  | { type: 'credentials' };

export type BusHandler = (message: BusMessage) => void;

/**
 * Publish/subscribe between server, worker and other servers; over Redis where there is one, else over LISTEN/NOTIFY.
 * Delivery is best effort: whatever must not be missed is in the database.
 */
export interface Bus {
  /** Delivers to every subscriber of every process, this one included. Never throws; the messages may be coalesced. */
  publish(...messages: BusMessage[]): void;
  /** Calls `handler` for each message; returns the way to end it. */
  subscribe(handler: BusHandler): () => void;
  /** Called after a lost connection came back: what was published meanwhile is lost. */
  onGap(handler: () => void): () => void;
  close(): Promise<void>;
}

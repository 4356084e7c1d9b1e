'use client';
import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  use,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { StreamMessage } from '@/core/wire';
import { createInvalidator, topicKey } from './invalidation';
import { LiveConnection, type LiveStatus, type Source } from './live-connection';
import { onSessionEnded } from './session-ended';

const LiveContext = createContext<LiveConnection | null>(null);

/** Holds the tab's one event stream, and renews cached answers when messages say that they are old. Inside a QueryClientProvider. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection] = useState(
    () => new LiveConnection({ open: (address) => new EventSource(address) as Source }),
  );
  useEffect(() => {
    const invalidator = createInvalidator(client);
    const ends = [
      connection.onMessage((message) => {
        // With the first message about a run: most first loads of a page do without it.
        if (message.type === 'run')
          void import('./apply-message').then(({ applyMessage }) => applyMessage(client, message));
        invalidator.note(message);
      }),
      connection.onOpened((topics) => invalidator.renew(topics.map(topicKey))),
    ];
    window.addEventListener('online', connection.wake);
    window.addEventListener('offline', connection.lost);
    // Signed in again: the stream was refused meanwhile.
    ends.push(onSessionEnded((ended) => !ended && connection.wake()));
    return () => {
      window.removeEventListener('online', connection.wake);
      window.removeEventListener('offline', connection.lost);
      for (const end of ends) end();
      invalidator.stop();
      connection.close();
    };
  }, [client, connection]);
  return <LiveContext value={connection}>{children}</LiveContext>;
}

function useConnection(): LiveConnection {
  const connection = use(LiveContext);
  if (connection === null) throw new Error('useLive needs a LiveProvider around it.');
  return connection;
}

/**
 * Listens to topics (`run:ID`, `queue:ENTITY/NAME`, `entity:NAME`) while the component is shown. Cached answers renew by themselves; the
 * handler is for more than that. `reset` means that messages were missed.
 */
export function useLive(topics: readonly string[], handler?: (message: StreamMessage) => void): void {
  const connection = useConnection();
  const onMessage = useEffectEvent((message: StreamMessage) => handler?.(message));
  const joined = topics.join(',');
  useEffect(() => {
    if (joined === '') return;
    return connection.subscribe(joined.split(','), onMessage);
  }, [connection, joined]);
}

const CONNECTING: LiveStatus = { state: 'connecting' };
/** Whether what the page shows is live. */
export function useLiveStatus(): LiveStatus {
  const connection = useConnection();
  return useSyncExternalStore(connection.onStatus, connection.status, () => CONNECTING);
}

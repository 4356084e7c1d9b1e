'use client';
import { useEffect, useState } from 'react';
import { loadMonaco, type Monaco } from './load-monaco';

export type MonacoState = { state: 'loading' } | { state: 'ready'; monaco: Monaco } | { state: 'failed' };

/** Loads the editor when a component needs it. `failed`: show a plain text box instead. */
export function useMonaco(): MonacoState {
  const [state, setState] = useState<MonacoState>({ state: 'loading' });
  useEffect(() => {
    let gone = false;
    loadMonaco().then(
      (monaco) => !gone && setState({ state: 'ready', monaco }),
      () => !gone && setState({ state: 'failed' }),
    );
    return () => {
      gone = true;
    };
  }, []);
  return state;
}

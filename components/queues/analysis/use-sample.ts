'use client';
import { useEffect, useState } from 'react';
import { carryOut } from './engine';
import type { Sample } from './sample';
import type { SampleTask } from './tasks';

/** What a launch would submit; the last answer stays until the next one is there. `undefined`: nothing to show, or not yet. */
export function useSample(task: SampleTask | undefined): Sample | undefined {
  const [sample, setSample] = useState<Sample>();
  const wanted = task === undefined ? '' : JSON.stringify(task);
  useEffect(() => {
    if (wanted === '') return;
    let stale = false;
    void carryOut('sample', JSON.parse(wanted) as SampleTask).then((answer) => {
      if (!stale) setSample(answer);
    });
    return () => {
      stale = true;
    };
  }, [wanted]);
  return task === undefined ? undefined : sample;
}

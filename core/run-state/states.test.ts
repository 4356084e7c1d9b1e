import { describe, expect, it } from 'vitest';
import { RUN_STATES } from '@/core/wire';
import {
  IN_FLIGHT,
  STATE_LABELS,
  canMove,
  canReport,
  canServerMove,
  isFinal,
  isInFlight,
  isSubmitted,
} from '.';

describe('states', () => {
  it('lets an agent report the whole life of a run, with steps left out', () => {
    const path = ['leased', 'building', 'starting', 'running', 'finished'] as const;
    path.forEach((from, at) => {
      for (const to of path.slice(at + 1)) expect(canReport(from, to), `${from} → ${to}`).toBe(true);
    });
  });
  it('lets nobody walk back or out of an end, but for a requeue by the server', () => {
    expect(canMove('running', 'starting')).toBe(false);
    expect(canMove('running', 'pending')).toBe(false);
    expect(canMove('starting', 'pending')).toBe(false);
    for (const from of RUN_STATES.filter(isFinal)) {
      for (const to of RUN_STATES) expect(canReport(from, to)).toBe(false);
      expect(RUN_STATES.filter((to) => canServerMove(from, to))).toEqual(['pending']);
    }
  });
  it('puts back what was not submitted, and preempted runs', () => {
    for (const from of ['leased', 'building', 'preempted'] as const)
      expect(canServerMove(from, 'pending')).toBe(true);
  });
  it('never lets an agent lease or put back by itself', () => {
    for (const from of RUN_STATES) {
      expect(canReport(from, 'leased')).toBe(false);
      expect(canReport(from, 'pending')).toBe(false);
    }
  });
  it('knows groups and has a label each', () => {
    expect(RUN_STATES.filter(isInFlight)).toEqual([...IN_FLIGHT]);
    expect(RUN_STATES.filter(isSubmitted)).toEqual(['starting', 'running']);
    for (const state of RUN_STATES) expect(STATE_LABELS[state]).not.toBe('');
  });
});

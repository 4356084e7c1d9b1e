import { PRIORITIES } from '@/core/wire';
import type { Priority } from '@/core/wire';

/** What a run gets on a queue with prioritization when its launch names none. */
export const DEFAULT_PRIORITY: Priority = 'medium';

/** 0 (`critical`, goes first) to 3 (`low`): the numbers that order the queue and that the original uses on its wire. */
export const priorityToNumber = (priority: Priority): number => PRIORITIES.indexOf(priority);

/** The name of a stored number; a RangeError for anything but 0, 1, 2 and 3, since that is a fault of ours. */
export function priorityFromNumber(value: number): Priority {
  const priority = PRIORITIES[value];
  if (priority === undefined)
    throw new RangeError(`${value} is not a priority; expected 0 to ${PRIORITIES.length - 1}`);
  return priority;
}

import { clsx, type ClassValue } from 'clsx';
import { twMerge } from 'tailwind-merge';

/** Joins class names; of two Tailwind classes for one property the later wins, so that callers can override a primitive. */
export const cn = (...inputs: ClassValue[]): string => twMerge(clsx(inputs));

/** The round button of the account, before and after its menu has been loaded. */
export const accountButtonStyle =
  'grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent-ink uppercase';

/** First letters of up to two words of a name. */
export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => Array.from(word)[0] ?? '')
    .slice(0, 2)
    .join('') || '?';

'use client';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useSyncExternalStore } from 'react';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu';
import { buttonStyle } from '../ui/button';

const THEMES = [
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
  { value: 'system', label: 'As the system', Icon: Monitor },
] as const;
const never = () => () => undefined;

/** The theme that was chosen; undefined on the server and in the first paint, where it is not known. */
export function useChosenTheme(): { theme: string | undefined; setTheme: (theme: string) => void } {
  const { theme, setTheme } = useTheme();
  const mounted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return { theme: mounted ? theme : undefined, setTheme };
}

/** Light, dark or as the system. */
export function ThemeSwitch() {
  const { theme, setTheme } = useChosenTheme();
  const Icon = THEMES.find((each) => each.value === theme)?.Icon ?? Monitor;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label="Theme"
        className={buttonStyle({ variant: 'ghost', className: 'w-8 px-0' })}
      >
        <Icon aria-hidden />
      </DropdownMenuTrigger>
      <DropdownMenuContent className="min-w-40">
        <DropdownMenuRadioGroup value={theme} onValueChange={setTheme}>
          {THEMES.map((each) => (
            <DropdownMenuRadioItem key={each.value} value={each.value}>
              <each.Icon className="text-muted" aria-hidden />
              {each.label}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

'use client';
import { useQuery } from '@tanstack/react-query';
import { Monitor, Moon, Sun } from 'lucide-react';
import Link from 'next/link';
import { accessQueries } from '../lib/queries';
import { useCurrentEntity } from '../shell/current-entity';
import { useChosenTheme } from '../shell/theme-switch';
import { Badge } from '../ui/badge';
import { SectionCard } from '../ui/card';
import { ErrorCard } from '../ui/error-card';
import { PageHeader } from '../ui/page-header';
import { RadioCards } from '../ui/radio-cards';
import { Skeleton } from '../ui/skeleton';
import { PasswordForm } from './password-form';
import { SignOutEverywhere } from './sign-out-everywhere';
import { TimeZoneSelect } from './time-zone-select';

/** The own account: who, which entities, looks, password. */
export function AccountPage() {
  const { data: viewer, error, refetch, isFetching } = useQuery(accessQueries.viewer());
  const { entity } = useCurrentEntity();
  const { theme, setTheme } = useChosenTheme();
  return (
    <div className="w-full max-w-3xl">
      <PageHeader title="Account" />
      <div className="flex flex-col gap-5">
        {error !== null && <ErrorCard problem={error} onRetry={() => void refetch()} retrying={isFetching} />}
        <SectionCard title="You">
          {viewer === undefined ? (
            <Skeleton className="h-10 w-64" />
          ) : (
            <>
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {viewer.user.name}
                {viewer.user.isAdmin && <Badge tone="accent">instance admin</Badge>}
              </p>
              <p className="text-muted">{viewer.user.email}</p>
              <ul className="mt-3 flex flex-wrap gap-2">
                {viewer.entities.map(({ name, role, kind }) => (
                  <li key={name}>
                    <Link
                      href={`/${encodeURIComponent(name)}`}
                      className="inline-flex items-center gap-1.5 rounded-full border border-line px-2.5 py-0.5 text-xs hover:bg-hover"
                    >
                      <span className="font-medium">{name}</span>
                      <span className="text-muted">{kind === 'user' ? 'own space' : role}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          )}
        </SectionCard>
        <SectionCard title="Theme" description="Kept in this browser.">
          <RadioCards
            label="Theme"
            value={theme}
            onValueChange={setTheme}
            options={[
              { value: 'light', title: 'Light', icon: <Sun aria-hidden /> },
              { value: 'dark', title: 'Dark', icon: <Moon aria-hidden /> },
              { value: 'system', title: 'As the system', icon: <Monitor aria-hidden /> },
            ]}
          />
        </SectionCard>
        <SectionCard
          title="Time zone"
          description="In which exact times are shown; UTC stands beside them. Kept in this browser."
        >
          <TimeZoneSelect />
        </SectionCard>
        <SectionCard
          title="Password and sessions"
          description="A browser stays signed in for 14 days without use. A new password ends all your sessions at once, on every device; API keys stay valid."
          actions={<SignOutEverywhere />}
        >
          <PasswordForm />
        </SectionCard>
        {entity !== undefined && (
          <SectionCard title="Command line and programs">
            <p className="text-muted">
              They sign in with your{' '}
              <Link
                href={`/${encodeURIComponent(entity)}/tokens?tab=keys`}
                className="font-medium text-accent-ink underline"
              >
                API keys
              </Link>
              .
            </p>
          </SectionCard>
        )}
      </div>
    </div>
  );
}

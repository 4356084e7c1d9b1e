'use client';
import { useHrefWith, useSearchParam } from '../lib/search-param';
import { PageHeader } from '../ui/page-header';
import { Tabs } from '../ui/tabs';
import { AgentTokens } from './agent-tokens';
import { ApiKeys } from './api-keys';

/** What machines sign in with: agents with tokens, programs with keys of their user. */
export function TokensPage({ entity }: { entity: string }) {
  const [tab] = useSearchParam('tab');
  const href = useHrefWith('tab');
  const keys = tab === 'keys';
  return (
    <>
      <PageHeader title="Tokens & keys" />
      <Tabs
        label="Kinds of credentials"
        className="mb-4"
        items={[
          { href: href(''), label: 'Agent tokens', active: !keys },
          { href: href('keys'), label: 'API keys', active: keys },
        ]}
      />
      {keys ? <ApiKeys /> : <AgentTokens entity={entity} />}
    </>
  );
}

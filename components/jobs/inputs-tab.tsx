'use client';
import { useState } from 'react';
import type { JobVersion } from '@/core/wire';
import { SchemaForm } from '../launch/schema-form';
import { Card, SectionCard } from '../ui/card';
import { CodeBlock } from '../ui/code-block';
import { EmptyState } from '../ui/empty-state';

/** What launches of the newest version may set in their config: the form that its schema makes, to be tried, and the schema itself. */
export function InputsTab({ version: { version, inputSchema } }: { version: JobVersion }) {
  const [config, setConfig] = useState('');
  if (inputSchema === null) {
    return (
      <Card>
        <EmptyState title="This version has no input schema">
          Any config is accepted. With a JSON Schema, launches get a form and are checked.
        </EmptyState>
      </Card>
    );
  }
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <SectionCard
        title={`Inputs of v${version}`}
        description="The form that a launch gets. Try it here: under JSON is what the program would read from SLIPWAY_CONFIG; nothing is sent."
      >
        <SchemaForm schema={inputSchema} value={config} onChange={setConfig} />
      </SectionCard>
      <SectionCard title="JSON Schema">
        <CodeBlock code={JSON.stringify(inputSchema, null, 2)} label="Copy the schema" />
      </SectionCard>
    </div>
  );
}

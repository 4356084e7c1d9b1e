import { isJsonObject } from '@/core/config-tree';
import type { Json, JobVersion, JsonObject } from '@/core/wire';
import { Badge } from '../ui/badge';
import { Card, SectionCard } from '../ui/card';
import { CodeBlock } from '../ui/code-block';
import { EmptyState } from '../ui/empty-state';
import { Table, TableBody, TableHead, Td, Th, Tr } from '../ui/table';

/** What launches of the newest version may set in their config: the fields that its schema makes. */
export function InputsTab({ version: { version, inputSchema } }: { version: JobVersion }) {
  if (inputSchema === null) {
    return (
      <Card>
        <EmptyState title="This version has no input schema">
          Any config is accepted. With a JSON Schema, launches get a form and are checked.
        </EmptyState>
      </Card>
    );
  }
  const inputs = inputsOf(inputSchema);
  return (
    <div className="flex flex-col gap-4">
      {inputs.length > 0 && (
        <SectionCard
          title={`Inputs of v${version}`}
          description="The fields of the launch form; the program reads them from SLIPWAY_CONFIG."
          flush
        >
          <Table label="Inputs">
            <TableHead>
              <Th>Name</Th>
              <Th>Type</Th>
              <Th>Default</Th>
              <Th>Allowed</Th>
              <Th>Description</Th>
            </TableHead>
            <TableBody>
              {inputs.map((input) => (
                <Tr key={input.name}>
                  <Td>
                    <span className="font-mono text-[13px] font-medium">{input.name}</span>{' '}
                    {input.required && <Badge tone="warn">required</Badge>}
                  </Td>
                  <Td label="Type">{input.type}</Td>
                  <Td label="Default" className="font-mono text-[13px]">
                    {input.fallback || '–'}
                  </Td>
                  <Td label="Allowed" className="font-mono text-[13px]">
                    {input.allowed || '–'}
                  </Td>
                  <Td label="Description" className="text-muted">
                    {input.description}
                  </Td>
                </Tr>
              ))}
            </TableBody>
          </Table>
        </SectionCard>
      )}
      <SectionCard title="JSON Schema">
        <CodeBlock code={JSON.stringify(inputSchema, null, 2)} label="Copy the schema" />
      </SectionCard>
    </div>
  );
}

interface Input {
  name: string;
  type: string;
  required: boolean;
  fallback: string;
  allowed: string;
  description: string;
}

const spell = (value: Json | undefined): string => {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** The properties of a schema as rows. */
function inputsOf({ properties, required }: JsonObject): Input[] {
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).map(([name, property]) => {
    const known: JsonObject = isJsonObject(property) ? property : {};
    return {
      name,
      type: Array.isArray(known.type) ? known.type.map(spell).join(' or ') : spell(known.type) || 'any',
      required: Array.isArray(required) && required.includes(name),
      fallback: spell(known.default),
      allowed: allowed(known),
      description: spell(known.description ?? known.title),
    };
  });
}

function allowed(property: JsonObject): string {
  if (Array.isArray(property.enum)) return property.enum.map(spell).join(', ');
  const limits: [string, Json | undefined][] = [
    ['≥', property.minimum],
    ['>', property.exclusiveMinimum],
    ['≤', property.maximum],
    ['<', property.exclusiveMaximum],
    ['matches', property.pattern],
  ];
  return limits
    .flatMap(([sign, value]) => (value === undefined ? [] : [`${sign} ${spell(value)}`]))
    .join(', ');
}

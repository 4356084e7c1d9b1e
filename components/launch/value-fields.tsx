'use client';
import { RotateCcw } from 'lucide-react';
import type { TemplateVariable, TemplateVariables } from '@/core/wire';
import { formatRange } from '../lib/format';
import { Badge } from '../ui/badge';
import { Combobox } from '../ui/combobox';
import { Field } from '../ui/field';
import { Input, NumberInput } from '../ui/input';
import { Select } from '../ui/select';

/** From this many options on, the list can be searched. */
const SEARCHABLE = 12;

export interface ValueFieldsProps {
  templates: TemplateVariables;
  values: Readonly<Record<string, string>>;
  onChange: (values: Record<string, string>) => void;
  errorOf: (path: string) => string | undefined;
}

/** One field for each template variable of a queue. */
export function ValueFields({ templates, values, onChange, errorOf }: ValueFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {Object.entries(templates).map(([name, variable]) => (
        <ValueField
          key={name}
          name={name}
          variable={variable}
          value={values[name] ?? ''}
          onChange={(value) => onChange({ ...values, [name]: value })}
          error={errorOf(`templateValues.${name}`)}
        />
      ))}
    </div>
  );
}

interface ValueFieldProps {
  name: string;
  variable: TemplateVariable;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

function ValueField({ name, variable, value, onChange, error }: ValueFieldProps) {
  const fallback = variable.default === undefined ? '' : String(variable.default);
  const own = value !== '' && value !== fallback;
  return (
    <Field
      label={<span className="font-mono text-[13px]">{name}</span>}
      required={fallback === ''}
      error={error}
      hint={hintOf(variable)}
      aside={
        own && fallback !== '' ? (
          <button
            type="button"
            onClick={() => onChange('')}
            className="inline-flex items-center gap-1 rounded text-xs text-accent-ink hover:underline"
            aria-label={`Reset ${name} to its default ${fallback}`}
          >
            <RotateCcw className="size-3" aria-hidden /> Reset
          </button>
        ) : (
          fallback !== '' && <Badge>default</Badge>
        )
      }
    >
      <Control variable={variable} value={value} fallback={fallback} onChange={onChange} />
    </Field>
  );
}

function Control({
  variable,
  value,
  fallback,
  onChange,
}: Pick<ValueFieldProps, 'variable' | 'value' | 'onChange'> & { fallback: string }) {
  const { type, options, min, max } = variable;
  if (options !== undefined && options.length > 0) {
    const choices = options.map((option) => ({ value: String(option), label: String(option) }));
    // A value that is not among the options (of an older run) stays visible, with the error beside it.
    const typed = value === '' ? fallback : value;
    if (typed !== '' && !choices.some((choice) => choice.value === typed))
      choices.push({ value: typed, label: typed });
    if (choices.length >= SEARCHABLE)
      return <Combobox value={typed} onValueChange={onChange} options={choices} />;
    return <Select value={typed === '' ? undefined : typed} onValueChange={onChange} options={choices} />;
  }
  if (type === 'string')
    return (
      <Input value={value} onChange={(event) => onChange(event.target.value)} placeholder={fallback} mono />
    );
  return (
    <NumberInput
      value={value}
      onValueChange={onChange}
      min={min}
      max={max}
      step={type === 'float' ? 0.1 : 1}
      placeholder={fallback}
    />
  );
}

function hintOf({ description, type, min, max, pattern, options }: TemplateVariable): string | undefined {
  const limits = formatRange(min, max);
  const kind = type === 'integer' ? 'Whole number' : type === 'float' ? 'Number' : undefined;
  const parts = [
    description,
    limits !== undefined ? `${kind ?? ''}, ${limits}` : options === undefined ? kind : undefined,
    pattern !== undefined && pattern !== '' ? `Pattern ${pattern}` : undefined,
  ];
  const text = parts.filter(Boolean).join('. ');
  return text === '' ? undefined : text;
}

'use client';
import { useState } from 'react';
import { isJsonObject } from '@/core/config-tree';
import type { Json, JsonObject } from '@/core/wire';
import { cn } from '../lib/cn';
import { formatRange } from '../lib/format';
import { Field } from '../ui/field';
import { Input, NumberInput, Textarea } from '../ui/input';
import { Combobox } from '../ui/combobox';
import { Switch } from '../ui/switch';
import { inputFields, valueAt, withValue, type InputField } from './input-schema';

export interface SchemaFormProps {
  schema: JsonObject;
  /** The config as JSON text; empty for none. */
  value: string;
  onChange: (text: string) => void;
  /** What is wrong with the text as a whole. */
  error?: string | undefined;
  errorOf?: (path: string) => string | undefined;
}

/** The inputs of a job as fields of its schema, or as the JSON they stand for: two views of one text. */
export function SchemaForm({ schema, value, onChange, error, errorOf = () => undefined }: SchemaFormProps) {
  const [raw, setRaw] = useState(false);
  const config = readObject(value);
  const asText = raw || config === undefined;
  return (
    <div className="flex flex-col gap-3">
      <div
        role="group"
        aria-label="Inputs as"
        className="inline-flex w-fit rounded-md border border-line-strong p-0.5"
      >
        {[false, true].map((text) => (
          <button
            key={String(text)}
            type="button"
            aria-pressed={asText === text}
            disabled={!text && config === undefined}
            onClick={() => setRaw(text)}
            className={cn(
              'rounded-sm px-2 py-0.5 text-xs font-medium',
              asText === text ? 'bg-accent-soft text-accent-ink' : 'text-muted enabled:hover:text-ink',
            )}
          >
            {text ? 'JSON' : 'Fields'}
          </button>
        ))}
      </div>
      {asText ? (
        <Field label="Inputs" error={error} hint="A JSON object, handed to the program as SLIPWAY_CONFIG.">
          <Textarea mono rows={6} value={value} onChange={(event) => onChange(event.target.value)} />
        </Field>
      ) : (
        <div className="grid gap-4 sm:grid-cols-2">
          {inputFields(schema).map((field) => (
            <SchemaField
              key={field.path.join('.')}
              field={field}
              value={valueAt(config, field.path)}
              onChange={(next) => onChange(write(withValue(config, field.path, next)))}
              error={errorOf(field.path.join('.'))}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function SchemaField({
  field,
  value,
  onChange,
  error,
}: {
  field: InputField;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  error: string | undefined;
}) {
  const fallback = field.default === undefined ? undefined : spell(field.default);
  return (
    <Field
      label={field.label}
      required={field.required}
      error={error}
      hint={
        [field.description, limitsOf(field), fallback === undefined ? '' : `Default ${fallback}`]
          .filter(Boolean)
          .join('. ') || undefined
      }
      className={field.control === 'json' ? 'sm:col-span-2' : undefined}
    >
      <Control field={field} value={value} onChange={onChange} fallback={fallback} />
    </Field>
  );
}

/** `Whole number, 1 to 8`. */
function limitsOf({ control, min, max }: InputField): string | undefined {
  if (control !== 'number' && control !== 'integer') return undefined;
  const range = formatRange(min, max);
  return `${control === 'integer' ? 'Whole number' : 'Number'}${range === undefined ? '' : `, ${range}`}`;
}

function Control({
  field,
  value,
  onChange,
  fallback,
}: {
  field: InputField;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  fallback: string | undefined;
}) {
  // What is typed is kept as it is until it is a number or JSON: "1." on its way to "1.5".
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? (value === undefined ? '' : spell(value));
  const type = (text: string, read: (text: string) => Json | undefined) => {
    setTyped(text);
    if (text.trim() === '') onChange(undefined);
    else onChange(read(text) ?? text);
  };
  switch (field.control) {
    case 'switch':
      return <Switch checked={(value ?? field.default) === true} onCheckedChange={onChange} />;
    case 'select':
      return (
        <Combobox
          value={value === undefined ? '' : spell(value)}
          onValueChange={(next) => onChange(field.options.find((option) => spell(option) === next))}
          options={field.options.map((option) => ({ value: spell(option) }))}
          placeholder={fallback ?? 'Choose…'}
        />
      );
    case 'number':
    case 'integer':
      return (
        <NumberInput
          value={shown}
          onValueChange={(text) => type(text, readNumber)}
          onBlur={() => setTyped(undefined)}
          min={field.min}
          max={field.max}
          step={field.control === 'integer' ? 1 : 0.1}
          placeholder={fallback}
        />
      );
    case 'json':
      return (
        <Textarea
          mono
          value={shown}
          onChange={(event) => type(event.target.value, readJson)}
          onBlur={() => setTyped(undefined)}
          placeholder={fallback}
        />
      );
    case 'text':
      return (
        <Input
          value={shown}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
          placeholder={fallback}
        />
      );
  }
}

const spell = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
const readNumber = (text: string): Json | undefined =>
  Number.isFinite(Number(text)) ? Number(text) : undefined;
function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
function readObject(text: string): JsonObject | undefined {
  const value = text.trim() === '' ? {} : readJson(text);
  return isJsonObject(value) ? value : undefined;
}
const write = (config: JsonObject): string =>
  Object.keys(config).length === 0 ? '' : JSON.stringify(config, null, 2);

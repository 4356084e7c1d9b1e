'use client';
import { CircleAlert, CornerDownLeft } from 'lucide-react';
import { memo, useRef } from 'react';
import type { VariableType } from '@/core/wire';
import { cn } from '../lib/cn';
import { useNear } from '../lib/near';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Input, NumberInput } from '../ui/input';
import { Select } from '../ui/select';
import { OptionsInput } from './options-input';
import type { TileForm } from './tile-form';
import type { Tile } from './use-config-draft';

const TYPES: { value: VariableType; label: string }[] = [
  { value: 'string', label: 'String' },
  { value: 'integer', label: 'Integer' },
  { value: 'float', label: 'Float' },
];

export interface TileCardProps {
  tile: Tile;
  onChange: (name: string, form: TileForm) => void;
  /** Whether the variable is saved though the text does not use it. */
  onKeep: (name: string, kept: boolean) => void;
  /** Shows a line of the text. */
  onGoTo: (line: number) => void;
  onFocus: (name: string) => void;
  /** The cursor of the editor stands on a line of this variable. */
  linked?: boolean;
  readOnly?: boolean;
}

/** A page may have hundreds of tiles: only the one that has changed is drawn again. The functions are those of the page, always. */
const sameTile = (a: TileCardProps, b: TileCardProps): boolean =>
  a.linked === b.linked &&
  a.readOnly === b.readOnly &&
  a.tile.form === b.tile.form &&
  JSON.stringify({ ...a.tile, form: null }) === JSON.stringify({ ...b.tile, form: null });

/** What submitters may put in for one variable. */
export const TileCard = memo(function TileCard({
  tile,
  onChange,
  onKeep,
  onGoTo,
  onFocus,
  linked = false,
  readOnly = false,
}: TileCardProps) {
  const { name, problems, uses, removed, kept } = tile;
  const place = useRef<HTMLElement>(null);
  const near = useNear(place);
  const disabled = removed || readOnly;
  return (
    <section
      aria-label={`Variable ${name}`}
      data-testid={`tile-${name}`}
      ref={place}
      onFocus={() => onFocus(name)}
      className={cn(
        'rounded-lg border bg-surface p-3 shadow-card transition-colors',
        linked ? 'border-violet' : problems.length > 0 ? 'border-danger/50' : 'border-line',
      )}
    >
      <header className="mb-3 flex flex-wrap items-center gap-2">
        <h3 className="min-w-0 font-mono text-sm font-semibold break-all text-violet">{`{{${name}}}`}</h3>
        {removed || kept ? (
          <span className="ml-auto flex items-center gap-2">
            <Badge tone={kept ? 'warn' : undefined}>
              {kept ? 'Not in the text; kept' : 'Not in the text; dropped on save'}
            </Badge>
            {!readOnly && (
              <Button
                size="sm"
                variant="ghost"
                onClick={() => onKeep(name, !kept)}
                aria-label={`${kept ? 'Drop' : 'Keep'} ${name}`}
              >
                {kept ? 'Drop' : 'Keep'}
              </Button>
            )}
          </span>
        ) : (
          <span className="ml-auto flex flex-wrap gap-1">
            {uses.slice(0, 6).map((use) => (
              <button
                key={`${use.line}:${use.column}`}
                type="button"
                title={use.path}
                onClick={() => onGoTo(use.line)}
                className="inline-flex items-center gap-1 rounded px-1 py-0.5 text-xs text-muted hover:bg-hover hover:text-ink"
              >
                <CornerDownLeft className="size-3" aria-hidden /> line {use.line}
              </button>
            ))}
            {uses.length > 6 && <span className="text-xs text-faint">+{uses.length - 6}</span>}
          </span>
        )}
      </header>
      {near ? (
        <TileFields tile={tile} disabled={disabled} onChange={onChange} />
      ) : (
        <div className="h-60" aria-hidden />
      )}
      {problems.length > 0 && (
        <ul role="alert" className="mt-3 space-y-1 text-xs text-danger">
          {problems.map((problem) => (
            <li key={problem} className="flex items-start gap-1.5">
              <CircleAlert className="mt-0.5 size-3 shrink-0" aria-hidden />
              {problem}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}, sameTile);

function TileFields({
  tile: { name, form, errors },
  disabled,
  onChange,
}: Pick<TileCardProps, 'tile' | 'onChange'> & { disabled: boolean }) {
  const set = <K extends keyof TileForm>(field: K, value: TileForm[K]) =>
    onChange(name, { ...form, [field]: value });
  const isNumber = form.type !== 'string';
  const step = form.type === 'float' ? 0.1 : 1;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Type">
        <Select
          value={form.type}
          onValueChange={(type) => set('type', type)}
          options={TYPES}
          disabled={disabled}
        />
      </Field>
      <Field label="Default" error={errors.default} hint="Empty: the submitter has to give a value.">
        {isNumber ? (
          <NumberInput
            value={form.default}
            onValueChange={(text) => set('default', text)}
            step={step}
            disabled={disabled}
          />
        ) : (
          <Input
            mono
            value={form.default}
            onChange={(event) => set('default', event.target.value)}
            disabled={disabled}
          />
        )}
      </Field>
      <Field label="Description" className="sm:col-span-2">
        <Input
          value={form.description}
          onChange={(event) => set('description', event.target.value)}
          placeholder="What the submitter should know"
          maxLength={2000}
          disabled={disabled}
        />
      </Field>
      {isNumber && (
        <>
          <Field label="Minimum" error={errors.min}>
            <NumberInput
              value={form.min}
              onValueChange={(text) => set('min', text)}
              step={step}
              disabled={disabled}
            />
          </Field>
          <Field label="Maximum" error={errors.max}>
            <NumberInput
              value={form.max}
              onValueChange={(text) => set('max', text)}
              step={step}
              disabled={disabled}
            />
          </Field>
        </>
      )}
      <Field
        label="Options"
        error={errors.options}
        hint={form.options.length === 0 ? 'None: any value is allowed.' : undefined}
        className="sm:col-span-2"
      >
        <OptionsInput
          value={form.options}
          onChange={(options) => set('options', options)}
          disabled={disabled}
        />
      </Field>
      {!isNumber && (
        <Field
          label="Pattern"
          hint="A regular expression that the whole value must match."
          className="sm:col-span-2"
        >
          <Input
            mono
            value={form.pattern}
            onChange={(event) => set('pattern', event.target.value)}
            placeholder="[a-z0-9-]+"
            maxLength={500}
            disabled={disabled}
          />
        </Field>
      )}
    </div>
  );
}

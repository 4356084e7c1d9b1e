'use client';
import { Layers, Plus, Server } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button';
import { SectionCard } from '../ui/card';
import { Checkbox } from '../ui/checkbox';
import { Combobox } from '../ui/combobox';
import { CopyButton } from '../ui/copy-button';
import { Field } from '../ui/field';
import { FilterMenu } from '../ui/filter-menu';
import { IconButton } from '../ui/icon-button';
import { Input, NumberInput, Textarea } from '../ui/input';
import { Kbd } from '../ui/kbd';
import { RadioCards } from '../ui/radio-cards';
import { Select } from '../ui/select';
import { Switch } from '../ui/switch';
import { PanelTabs } from '../ui/tabs';

const OPTIONS = [
  { value: 'a', label: 'First', description: 'A second, quieter line' },
  { value: 'b', label: 'Second' },
];

/** Everything that takes input, in rest, disabled, busy and refused. */
export function Controls() {
  const [choice, setChoice] = useState('a');
  const [on, setOn] = useState(true);
  const [number, setNumber] = useState('8');
  const [tab, setTab] = useState('one');
  return (
    <SectionCard title="Controls">
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary">
          <Plus aria-hidden /> Primary
        </Button>
        <Button>Secondary</Button>
        <Button variant="ghost">Ghost</Button>
        <Button variant="danger">Danger</Button>
        <Button disabled>Disabled</Button>
        <Button loading>Busy</Button>
        <Button size="sm">Small</Button>
        <IconButton label="With a tooltip and its key" shortcut="g q">
          <Layers aria-hidden />
        </IconButton>
        <CopyButton text="copied" label="Copy" showLabel />
        <Kbd keys="mod+k" /> <Kbd keys="g q" />
      </div>
      <div className="mt-5 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <Field label="Text" hint="A hint says what is good here.">
          <Input placeholder="Placeholder" />
        </Field>
        <Field label="Refused" required error="Must be at least 10 characters">
          <Input defaultValue="short" />
        </Field>
        <Field label="Disabled">
          <Input disabled value="cannot be changed" readOnly />
        </Field>
        <Field label="Number">
          <NumberInput value={number} onValueChange={setNumber} min={1} max={64} unit="GiB" />
        </Field>
        <Field label="Choice of a few">
          <Select value={choice} onValueChange={setChoice} options={OPTIONS} />
        </Field>
        <Field label="Choice of many">
          <Combobox value={choice} onValueChange={setChoice} options={OPTIONS} />
        </Field>
        <Field label="Long text" optional>
          <Textarea rows={2} />
        </Field>
        <Field label="Yes or no" group>
          <Checkbox
            label="Chosen"
            description="With a second line"
            checked={on}
            onCheckedChange={(next) => setOn(next === true)}
          />
          <Checkbox label="Some of them" checked="indeterminate" />
        </Field>
        <Field label="In force at once">
          <Switch checked={on} onCheckedChange={setOn} />
        </Field>
      </div>
      <div className="mt-5 flex flex-col gap-4">
        <RadioCards
          label="Cards"
          className="sm:grid-cols-2"
          value={choice}
          onValueChange={setChoice}
          options={[
            { value: 'a', title: 'First', description: 'Arrow keys move', icon: <Layers aria-hidden /> },
            { value: 'b', title: 'Second', icon: <Server aria-hidden /> },
          ]}
        />
        <div className="flex gap-2">
          <FilterMenu
            label="Filter"
            value=""
            onValueChange={setChoice}
            options={[{ value: 'a', label: 'First' }]}
          />
          <FilterMenu
            label="Filter"
            value="a"
            onValueChange={setChoice}
            options={[{ value: 'a', label: 'First' }]}
          />
        </div>
        <PanelTabs
          label="Panels"
          value={tab}
          onValueChange={setTab}
          items={[
            { value: 'one', label: 'One', content: <p>First panel</p> },
            { value: 'two', label: 'Two', content: <p>Second panel</p> },
          ]}
        />
      </div>
    </SectionCard>
  );
}

'use client';
import { PageHeader } from '../ui/page-header';
import { Controls } from './controls';
import { Feedback } from './feedback';
import { Overlays } from './overlays';
import { StatesOfThings } from './states';
import { TablesAndCode } from './tables';
import { Tokens } from './tokens';

/** All of the design system; look at it in both themes, at 390 and 1440 px. The rules are in docs/design.md. */
export function Showcase() {
  return (
    <>
      <PageHeader
        title="Design system"
        description="Every primitive in every state. This page is there in development only."
      />
      <div className="flex flex-col gap-5">
        <Tokens />
        <StatesOfThings />
        <Controls />
        <Feedback />
        <TablesAndCode />
        <Overlays />
      </div>
    </>
  );
}

'use client';
import { RotateCw } from 'lucide-react';
import { useStaleCode } from '../lib/server-version';
import { Button } from '../ui/button';
import { Tooltip } from '../ui/tooltip';

/** After an upgrade of the server: this tab still runs the code of before. Nothing is reloaded unasked, since something may be typed. */
export function ReloadNotice() {
  const stale = useStaleCode();
  return (
    <span role="status">
      {stale && (
        <Tooltip content="The server was upgraded; this page is of the version before." side="bottom">
          <Button size="sm" onClick={() => window.location.reload()}>
            <RotateCw aria-hidden /> <span className="max-sm:sr-only">New version:</span> reload
          </Button>
        </Tooltip>
      )}
    </span>
  );
}

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn';

const looks = {
  info: { box: 'border-info/30 bg-info-soft', icon: 'text-info', Icon: Info },
  ok: { box: 'border-ok/30 bg-ok-soft', icon: 'text-ok', Icon: CircleCheck },
  warn: { box: 'border-warn/35 bg-warn-soft', icon: 'text-warn', Icon: TriangleAlert },
  danger: { box: 'border-danger/35 bg-danger-soft', icon: 'text-danger', Icon: CircleAlert },
};

export interface NoticeProps {
  tone?: keyof typeof looks;
  title?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
}

/** A remark in the page: a warning, a hint, a refusal in a form. */
export function Notice({ tone = 'info', title, actions, className, children }: NoticeProps) {
  const { box, icon, Icon } = looks[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cn('flex items-start gap-2.5 rounded-md border px-3 py-2.5 text-sm', box, className)}
    >
      <Icon className={cn('mt-0.5 size-4 shrink-0', icon)} aria-hidden />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children !== undefined && (
          <div className={cn('break-words', title !== undefined && 'text-muted')}>{children}</div>
        )}
      </div>
      {actions}
    </div>
  );
}

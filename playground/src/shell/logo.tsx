import type { ReactNode } from 'react';

/** A voice, as bars of sound. */
export function Logo({ size = 28 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#2f5d8a" />
      <path
        d="M8 14v4M12 11v10M16 7.5v17M20 11v10M24 14v4"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  );
}

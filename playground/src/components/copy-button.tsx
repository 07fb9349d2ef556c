import { Button, type ButtonProps } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useText } from '../language/language-provider.tsx';
import { copyText } from './copy-text.ts';
import { text } from './text.ts';

const SHOWN_MS = 2000;

export interface CopyButtonProps extends ButtonProps {
  /** What is copied; a function where it is costly to make. */
  readonly value: string | (() => string);
  /** Stands on the button instead of “Copy”. */
  readonly label?: string;
}

/** Copies a text, and says so to eyes and ears. */
export function CopyButton({ value, label, ...look }: CopyButtonProps): ReactNode {
  const words = useText(text);
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    const isCopied = await copyText(typeof value === 'string' ? value : value());
    setOutcome(isCopied ? 'copied' : 'failed');
  };
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={outcome === 'copied' ? <IconCheck size={16} /> : <IconCopy size={16} />}
      onClick={() => void copy()}
      {...look}
    >
      <span aria-live="polite">{outcome ? words[outcome] : (label ?? words.copy)}</span>
    </Button>
  );
}

import { Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useText } from '../language/language-provider.tsx';
import classes from './dialog.module.css';
import { text } from './text.ts';
import { useFocusReturn } from './use-focus-return.ts';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** `xl` takes the whole screen of a phone. */
  readonly size?: 'md' | 'xl';
  readonly children: ReactNode;
}

/** Stands over the page until it is closed, and gives the focus back to what opened it. */
export function Dialog({ title, onClose, size = 'xl', children }: DialogProps): ReactNode {
  const words = useText(text);
  useFocusReturn();
  const isPhone = useMediaQuery('(max-width: 36em)');
  return (
    <Modal
      opened
      onClose={onClose}
      returnFocus={false}
      title={title}
      classNames={{ title: classes['title'] ?? '' }}
      size={size}
      fullScreen={isPhone && size === 'xl'}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {children}
    </Modal>
  );
}

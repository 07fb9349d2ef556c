import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { text } from '../../shell/text.ts';

export function ComparePage(): ReactNode {
  return <Title order={1}>{useText(text).compare}</Title>;
}

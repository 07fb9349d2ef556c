import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { text } from '../../shell/text.ts';

export function RealtimePage(): ReactNode {
  return <Title order={1}>{useText(text).realtime}</Title>;
}

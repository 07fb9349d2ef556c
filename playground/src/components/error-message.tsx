import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../language/language-provider.tsx';
import { ServerError } from '../server/api.ts';
import { text } from './text.ts';

export interface ErrorMessageProps {
  readonly error: Error;
  /** What to do about it, where the page knows better than the status tells. */
  readonly advice?: string;
  readonly onRetry?: (() => void) | undefined;
  /** More buttons beside “Try again”. */
  readonly children?: ReactNode;
}

/** What went wrong in the server's words, what to do, and how to find the request in the server's log. */
export function ErrorMessage({ error, advice, onRetry, children }: ErrorMessageProps): ReactNode {
  const words = useText(text);
  const hint = advice ?? (error instanceof ServerError ? adviceFor(error, words.advice) : undefined);
  const requestId = error instanceof ServerError ? error.requestId : undefined;
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle />} title={words.wrong} variant="light">
      <Stack gap="xs">
        <Text size="sm">{error.message}</Text>
        {hint && <Text size="sm">{hint}</Text>}
        {requestId && (
          <Text size="xs">
            {words.requestId}: <Code>{requestId}</Code>
          </Text>
        )}
        {(onRetry ?? children) && (
          <Group gap="xs">
            {onRetry && (
              <Button size="compact-sm" variant="default" onClick={onRetry}>
                {words.retry}
              </Button>
            )}
            {children}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

type Advice = (typeof text)['en']['advice'];

/** A fault of the request itself (400) is explained by the server's own words. */
function adviceFor({ status }: ServerError, advice: Advice): string | undefined {
  if (status === 400) return undefined;
  const key = String(status);
  return Object.hasOwn(advice, key) ? advice[key as keyof Advice] : advice.other;
}

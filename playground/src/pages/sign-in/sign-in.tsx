import {
  Alert,
  Button,
  Center,
  Code,
  Divider,
  Group,
  Loader,
  Paper,
  PasswordInput,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { toError } from '../../components/to-error.ts';
import { useText } from '../../language/language-provider.tsx';
import { ServerError } from '../../server/api.ts';
import { useCredential } from '../../server/credential-provider.tsx';
import { Logo } from '../../shell/logo.tsx';
import classes from './sign-in.module.css';
import { text } from './text.ts';

const COMMAND = 'npx samtal playground';

/** Where a link that signs in can be had, and else a key. */
export function SignIn(): ReactNode {
  const words = useText(text);
  const { isSigningIn } = useCredential();
  return (
    <Center className={classes['page']}>
      <Paper className={classes['card']} p={{ base: 'lg', xs: 'xl' }} radius="lg" withBorder shadow="sm">
        <Stack gap="lg">
          <Stack gap="xs" align="center" ta="center">
            <Logo size={52} />
            <Title order={1} size="h2">
              {words.title}
            </Title>
            <Text c="dimmed">{words.welcome}</Text>
          </Stack>
          {isSigningIn ? <Following /> : <Ways />}
        </Stack>
      </Paper>
    </Center>
  );
}

function Following(): ReactNode {
  const words = useText(text);
  return (
    <Group justify="center" role="status" py="md">
      <Loader size="sm" type="bars" />
      <Text>{words.signingIn}</Text>
    </Group>
  );
}

function Ways(): ReactNode {
  const words = useText(text);
  return (
    <>
      <Problem />
      {isLoopback(location.hostname) && (
        <>
          <Stack gap="xs">
            <Text size="sm">{words.byLinkHelp}</Text>
            <Group gap="xs" wrap="nowrap">
              <Code block className={classes['command']}>
                {COMMAND}
              </Code>
              <CopyButton value={COMMAND} />
            </Group>
          </Stack>
          <Divider label={words.or} />
        </>
      )}
      <KeyForm />
    </>
  );
}

function Problem(): ReactNode {
  const words = useText(text);
  const { problem } = useCredential();
  if (!problem) return null;
  if (problem.type === 'failed') return <ErrorMessage error={problem.error} />;
  return (
    <Alert role="alert" icon={<IconInfoCircle />} variant="light">
      {problem.type === 'expired' ? words.expired : words.spentLink}
    </Alert>
  );
}

type Asking =
  | { readonly type: 'idle' | 'asking' | 'wrong' }
  | { readonly type: 'failed'; readonly error: Error };

function KeyForm(): ReactNode {
  const words = useText(text);
  const { signIn } = useCredential();
  const [key, setKey] = useState('');
  const [asking, setAsking] = useState<Asking>({ type: 'idle' });
  const submit = async (): Promise<void> => {
    setAsking({ type: 'asking' });
    try {
      await signIn(key.trim());
    } catch (fault) {
      setAsking(toAsking(fault));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack>
        <PasswordInput
          label={words.key}
          description={words.keyHelp}
          value={key}
          onChange={(event) => {
            setKey(event.currentTarget.value);
            setAsking({ type: 'idle' });
          }}
          error={asking.type === 'wrong' && words.wrongKey}
          aria-invalid={asking.type === 'wrong'}
          autoComplete="off"
          spellCheck={false}
          required
        />
        {asking.type === 'failed' && <ErrorMessage error={asking.error} />}
        <Button type="submit" loading={asking.type === 'asking'} fullWidth>
          {words.signIn}
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          {words.kept}
        </Text>
      </Stack>
    </form>
  );
}

function toAsking(fault: unknown): Asking {
  if (fault instanceof ServerError && fault.status === 401) return { type: 'wrong' };
  return { type: 'failed', error: toError(fault) };
}

/** Where the server listens for this machine alone, it gives out links. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

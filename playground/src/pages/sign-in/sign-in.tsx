import { Button, PasswordInput, Stack, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { useCredential } from '../../server/credential-provider.tsx';
import { text } from './text.ts';

/** Asks for a key where no link has signed the page in. */
export function SignIn(): ReactNode {
  const words = useText(text);
  const { signIn } = useCredential();
  const [key, setKey] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn(key.trim());
      }}
    >
      <Stack maw={420} mx="auto" mt="xl">
        <Title order={1} size="h2">
          {words.title}
        </Title>
        <PasswordInput
          label={words.key}
          description={words.keyHelp}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          autoComplete="off"
          required
        />
        <Button type="submit">{words.signIn}</Button>
      </Stack>
    </form>
  );
}

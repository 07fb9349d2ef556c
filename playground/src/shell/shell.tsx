import { Anchor, AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { useText } from '../language/language-provider.tsx';
import { SignIn } from '../pages/sign-in/sign-in.tsx';
import { useCredential } from '../server/credential-provider.tsx';
import { Content } from './content.tsx';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import { pages } from './pages.ts';
import { Settings } from './settings.tsx';
import classes from './shell.module.css';
import { text } from './text.ts';
import { usePageChange } from './use-page-change.ts';

/** The frame of every page: where one can go, in which language and light. */
export function Shell(): ReactNode {
  const words = useText(text);
  const { secret } = useCredential();
  const [isOpen, { toggle, close }] = useDisclosure();
  const content = useRef<HTMLElement>(null);
  const isSignedIn = secret !== undefined;
  usePageChange(useTitle(isSignedIn), content);
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{
        width: 224,
        breakpoint: 'sm',
        collapsed: { mobile: !isOpen || !isSignedIn, desktop: !isSignedIn },
      }}
      padding={{ base: 'md', md: 'xl' }}
      classNames={{ header: classes['bar'] ?? '', navbar: classes['bar'] ?? '' }}
    >
      <Anchor href="#content" className={classes['skip']} onClick={(event) => skip(event, content.current)}>
        {words.skipToContent}
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            {isSignedIn && <MenuButton isOpen={isOpen} onClick={toggle} />}
            <Brand isShort={isSignedIn} />
          </Group>
          <Settings />
        </Group>
      </AppShell.Header>
      {isSignedIn && (
        <AppShell.Navbar p="sm" aria-label={words.pages}>
          <AppShell.Section grow>
            <Navigation onGo={close} />
          </AppShell.Section>
          <AppShell.Section>
            <Text size="xs" c="dimmed" px="sm" py="xs" className={classes['address']}>
              {window.location.host}
            </Text>
          </AppShell.Section>
        </AppShell.Navbar>
      )}
      <AppShell.Main id="content" ref={content} tabIndex={-1} className={classes['main']}>
        {isSignedIn ? <Content /> : <SignIn />}
      </AppShell.Main>
    </AppShell>
  );
}

interface MenuButtonProps {
  readonly isOpen: boolean;
  readonly onClick: () => void;
}

function MenuButton({ isOpen, onClick }: MenuButtonProps): ReactNode {
  return (
    <Burger
      opened={isOpen}
      onClick={onClick}
      hiddenFrom="sm"
      size="sm"
      aria-label={useText(text).menu}
      aria-expanded={isOpen}
    />
  );
}

/** On a phone the name makes room for what one can do. */
function Brand({ isShort }: { readonly isShort: boolean }): ReactNode {
  return (
    <Link href="/" className={classes['brand']} aria-label="Samtal">
      <Logo />
      <Text fw={650} size="lg" component="span" {...(isShort && { visibleFrom: 'xs' })}>
        Samtal
      </Text>
    </Link>
  );
}

function useTitle(isSignedIn: boolean): string {
  const words = useText(text);
  const [location] = useLocation();
  const page = pages.find(({ path }) => path === location);
  if (!isSignedIn) return words.signIn;
  return words[page?.name ?? 'realtime'];
}

/** The address keeps its path: what follows `#` is for links that sign in. */
function skip(event: { preventDefault(): void }, content: HTMLElement | null): void {
  event.preventDefault();
  content?.focus();
}

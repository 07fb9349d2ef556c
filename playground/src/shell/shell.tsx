import {
  ActionIcon,
  Anchor,
  AppShell,
  Burger,
  Group,
  Loader,
  NativeSelect,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconArrowsDiff,
  IconLogout,
  IconMessageCircle,
  IconMicrophone,
  IconMoon,
  IconServer,
  IconSun,
} from '@tabler/icons-react';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { LANGUAGES, type Language } from '../language/language.ts';
import { useLanguage, useText } from '../language/language-provider.tsx';
import { SignIn } from '../pages/sign-in/sign-in.tsx';
import { useCredential } from '../server/credential-provider.tsx';
import { Logo } from './logo.tsx';
import classes from './shell.module.css';
import { text } from './text.ts';

interface Page {
  readonly path: string;
  readonly name: 'chat' | 'realtime' | 'compare' | 'deployments';
  readonly Icon: ComponentType<{ size: number }>;
  readonly Content: ComponentType;
}

const pages: readonly Page[] = [
  {
    path: '/realtime',
    name: 'realtime',
    Icon: IconMicrophone,
    Content: lazy(async () => ({
      default: (await import('../pages/realtime/realtime-page.tsx')).RealtimePage,
    })),
  },
  {
    path: '/chat',
    name: 'chat',
    Icon: IconMessageCircle,
    Content: lazy(async () => ({ default: (await import('../pages/chat/chat-page.tsx')).ChatPage })),
  },
  {
    path: '/compare',
    name: 'compare',
    Icon: IconArrowsDiff,
    Content: lazy(async () => ({ default: (await import('../pages/compare/compare-page.tsx')).ComparePage })),
  },
  {
    path: '/deployments',
    name: 'deployments',
    Icon: IconServer,
    Content: lazy(async () => ({
      default: (await import('../pages/deployments/deployments-page.tsx')).DeploymentsPage,
    })),
  },
];

/** The frame of every page: where one can go, in which language and light. */
export function Shell(): ReactNode {
  const words = useText(text);
  const { secret } = useCredential();
  const [isOpen, { toggle, close }] = useDisclosure();
  const isSignedIn = secret !== undefined;
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isOpen, desktop: !isSignedIn } }}
      padding="md"
    >
      <Anchor href="#content" className={classes['skip']}>
        {words.skipToContent}
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            {isSignedIn && (
              <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={words.menu} />
            )}
            <Logo />
            <Text fw={650} size="lg" component="span">
              Samtal
            </Text>
          </Group>
          <Settings />
        </Group>
      </AppShell.Header>
      {isSignedIn && (
        <AppShell.Navbar p="xs" aria-label={words.pages}>
          <Navigation onGo={close} />
        </AppShell.Navbar>
      )}
      <AppShell.Main id="content">{isSignedIn ? <Content /> : <SignIn />}</AppShell.Main>
    </AppShell>
  );
}

function Navigation({ onGo }: { readonly onGo: () => void }): ReactNode {
  const words = useText(text);
  const [location] = useLocation();
  return pages.map(({ path, name, Icon }) => (
    <NavLink
      key={path}
      component={Link}
      href={path}
      label={words[name]}
      leftSection={<Icon size={18} />}
      active={location === path}
      aria-current={location === path ? 'page' : undefined}
      onClick={onGo}
      className={classes['link']}
    />
  ));
}

function Content(): ReactNode {
  return (
    <Suspense fallback={<Loader type="bars" />}>
      <Switch>
        {pages.map(({ path, Content: Page }) => (
          <Route key={path} path={path} component={Page} />
        ))}
        <Route>
          <Redirect to="/realtime" replace />
        </Route>
      </Switch>
    </Suspense>
  );
}

function Settings(): ReactNode {
  const words = useText(text);
  const { language, choose } = useLanguage();
  const { secret, signOut } = useCredential();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Group gap="xs" wrap="nowrap">
      <NativeSelect
        size="xs"
        aria-label={words.language}
        value={language}
        onChange={(event) => choose(event.currentTarget.value as Language)}
        data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={words[other]}
        title={words[other]}
        onClick={() => setColorScheme(other)}
      >
        {other === 'light' ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
      {secret !== undefined && (
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={words.signOut}
          title={words.signOut}
          onClick={signOut}
        >
          <IconLogout size={18} />
        </ActionIcon>
      )}
    </Group>
  );
}

/** Each in itself, for whoever can not read the language that is chosen. */
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', sv: 'Svenska', fr: 'Français' };

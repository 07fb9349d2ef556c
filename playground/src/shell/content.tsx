import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, Suspense } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useText } from '../language/language-provider.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { pages } from './pages.ts';
import { text } from './text.ts';

/** The page that the address names; one that breaks leaves the way to the others open. */
export function Content(): ReactNode {
  const [location] = useLocation();
  return (
    <ErrorBoundary key={location} fallback={(error) => <Broken error={error} />}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {pages.map(({ path, Content: Page }) => (
            <Route key={path} path={path} component={Page} />
          ))}
          <Route>
            <Redirect to="/realtime" replace />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

function Loading(): ReactNode {
  const words = useText(text);
  return (
    <Center mih="40vh">
      <Loader type="bars" role="status" aria-label={words.loading} />
    </Center>
  );
}

function Broken({ error }: { readonly error: Error }): ReactNode {
  const words = useText(text);
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle />} title={words.broken}>
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{words.brokenHelp}</Text>
        <Text size="sm" ff="monospace">
          {error.message}
        </Text>
        <Button variant="default" size="compact-sm" onClick={() => window.location.reload()}>
          {words.reload}
        </Button>
      </Stack>
    </Alert>
  );
}

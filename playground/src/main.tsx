import '@mantine/core/styles.css';
import './page.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from './language/language-provider.tsx';
import { CredentialProvider } from './server/credential-provider.tsx';
import { Shell } from './shell/shell.tsx';
import { theme } from './theme.ts';

/** The policy of the page forbids styles without the nonce that came with it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element to draw in.');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce ?? ''}>
      <LanguageProvider>
        <CredentialProvider>
          <Shell />
        </CredentialProvider>
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);

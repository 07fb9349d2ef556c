import '@mantine/core/styles.css';
import './page.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { pageNonce } from './components/page-nonce.ts';
import { LanguageProvider } from './language/language-provider.tsx';
import { CredentialProvider } from './server/credential-provider.tsx';
import { Shell } from './shell/shell.tsx';
import { theme } from './theme.ts';

const nonce = pageNonce() ?? '';
// Where get-nonce looks, which the dialogs of Mantine ask: https://github.com/theKashey/get-nonce
Object.assign(globalThis, { __webpack_nonce__: nonce });

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element to draw in.');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <LanguageProvider>
        <CredentialProvider>
          <Shell />
        </CredentialProvider>
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);

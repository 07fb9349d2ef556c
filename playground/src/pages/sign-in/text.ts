import type { Text } from '../../language/language.ts';

interface Words {
  readonly title: string;
  readonly key: string;
  readonly keyHelp: string;
  readonly signIn: string;
}

export const text: Text<Words> = {
  en: {
    title: 'Sign in',
    key: 'API key',
    keyHelp: 'On the machine of the server, “npx samtal key” prints it.',
    signIn: 'Sign in',
  },
  sv: {
    title: 'Logga in',
    key: 'API-nyckel',
    keyHelp: 'På serverns dator skriver ”npx samtal key” ut den.',
    signIn: 'Logga in',
  },
  fr: {
    title: 'Connexion',
    key: 'Clé d’API',
    keyHelp: 'Sur la machine du serveur, « npx samtal key » l’affiche.',
    signIn: 'Se connecter',
  },
};

import type { Text } from '../../language/language.ts';

interface Words {
  readonly title: string;
  readonly welcome: string;
  readonly byLinkHelp: string;
  readonly or: string;
  readonly key: string;
  readonly keyHelp: string;
  readonly signIn: string;
  readonly signingIn: string;
  readonly wrongKey: string;
  readonly expired: string;
  readonly spentLink: string;
  readonly kept: string;
}

export const text: Text<Words> = {
  en: {
    title: 'Sign in',
    welcome: 'Talk to the models of this server, and see why they answer as they do.',
    byLinkHelp: 'In a terminal, this prints a link that signs you in:',
    or: 'or',
    key: 'API key',
    keyHelp: 'On the machine of the server, “npx samtal key” prints it.',
    signIn: 'Sign in',
    signingIn: 'Signing you in …',
    wrongKey: 'The server does not know this key.',
    expired: 'Your sign-in has ended. Sign in again to go on.',
    spentLink: 'This link has been used or has expired. A new one takes you in.',
    kept: 'Kept in this tab until you close it, and nowhere else.',
  },
  sv: {
    title: 'Logga in',
    welcome: 'Tala med serverns modeller och se varför de svarar som de gör.',
    byLinkHelp: 'I en terminal skriver detta ut en länk som loggar in dig:',
    or: 'eller',
    key: 'API-nyckel',
    keyHelp: 'På serverns dator skriver ”npx samtal key” ut den.',
    signIn: 'Logga in',
    signingIn: 'Loggar in …',
    wrongKey: 'Servern känner inte igen nyckeln.',
    expired: 'Inloggningen har gått ut. Logga in igen för att fortsätta.',
    spentLink: 'Länken är redan använd eller för gammal. En ny släpper in dig.',
    kept: 'Sparas i den här fliken tills du stänger den, och ingen annanstans.',
  },
  fr: {
    title: 'Connexion',
    welcome: 'Parlez aux modèles de ce serveur et voyez pourquoi ils répondent ainsi.',
    byLinkHelp: 'Dans un terminal, cette commande affiche un lien de connexion :',
    or: 'ou',
    key: 'Clé d’API',
    keyHelp: 'Sur la machine du serveur, « npx samtal key » l’affiche.',
    signIn: 'Se connecter',
    signingIn: 'Connexion en cours…',
    wrongKey: 'Le serveur ne connaît pas cette clé.',
    expired: 'Votre connexion a expiré. Reconnectez-vous pour continuer.',
    spentLink: 'Ce lien a déjà servi ou a expiré. Un nouveau lien vous ouvrira la page.',
    kept: 'Conservée dans cet onglet jusqu’à sa fermeture, et nulle part ailleurs.',
  },
};

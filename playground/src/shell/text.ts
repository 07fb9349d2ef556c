import type { Text } from '../language/language.ts';

interface Words {
  readonly pages: string;
  readonly chat: string;
  readonly realtime: string;
  readonly compare: string;
  readonly deployments: string;
  readonly language: string;
  readonly light: string;
  readonly dark: string;
  readonly signOut: string;
  readonly skipToContent: string;
  readonly menu: string;
}

export const text: Text<Words> = {
  en: {
    pages: 'Pages',
    chat: 'Chat',
    realtime: 'Realtime',
    compare: 'Compare',
    deployments: 'Deployments',
    language: 'Language',
    light: 'Light colours',
    dark: 'Dark colours',
    signOut: 'Sign out',
    skipToContent: 'Skip to the content',
    menu: 'Menu',
  },
  sv: {
    pages: 'Sidor',
    chat: 'Chatt',
    realtime: 'Realtid',
    compare: 'Jämför',
    deployments: 'Driftsättningar',
    language: 'Språk',
    light: 'Ljusa färger',
    dark: 'Mörka färger',
    signOut: 'Logga ut',
    skipToContent: 'Hoppa till innehållet',
    menu: 'Meny',
  },
  fr: {
    pages: 'Pages',
    chat: 'Conversation',
    realtime: 'Temps réel',
    compare: 'Comparer',
    deployments: 'Déploiements',
    language: 'Langue',
    light: 'Couleurs claires',
    dark: 'Couleurs sombres',
    signOut: 'Se déconnecter',
    skipToContent: 'Aller au contenu',
    menu: 'Menu',
  },
};

import type { Text } from '../language/language.ts';

interface Words {
  readonly pages: string;
  readonly chat: string;
  readonly realtime: string;
  readonly compare: string;
  readonly deployments: string;
  readonly models: string;
  readonly language: string;
  readonly light: string;
  readonly dark: string;
  readonly signOut: string;
  readonly skipToContent: string;
  readonly menu: string;
  readonly signIn: string;
  readonly loading: string;
  readonly broken: string;
  readonly brokenHelp: string;
  readonly reload: string;
}

export const text: Text<Words> = {
  en: {
    pages: 'Pages',
    chat: 'Chat',
    realtime: 'Realtime',
    compare: 'Compare',
    deployments: 'Deployments',
    models: 'Models',
    language: 'Language',
    light: 'Light colours',
    dark: 'Dark colours',
    signOut: 'Sign out',
    skipToContent: 'Skip to the content',
    menu: 'Menu',
    signIn: 'Sign in',
    loading: 'Loading',
    broken: 'This page broke',
    brokenHelp: 'Load it again; the other pages work meanwhile.',
    reload: 'Load again',
  },
  sv: {
    pages: 'Sidor',
    chat: 'Chatt',
    realtime: 'Realtid',
    compare: 'Jämför',
    deployments: 'Driftsättningar',
    models: 'Modeller',
    language: 'Språk',
    light: 'Ljusa färger',
    dark: 'Mörka färger',
    signOut: 'Logga ut',
    skipToContent: 'Hoppa till innehållet',
    menu: 'Meny',
    signIn: 'Logga in',
    loading: 'Läser in',
    broken: 'Något gick sönder på sidan',
    brokenHelp: 'Läs in den igen; de andra sidorna fungerar så länge.',
    reload: 'Läs in igen',
  },
  fr: {
    pages: 'Pages',
    chat: 'Conversation',
    realtime: 'Temps réel',
    compare: 'Comparer',
    deployments: 'Déploiements',
    models: 'Modèles',
    language: 'Langue',
    light: 'Couleurs claires',
    dark: 'Couleurs sombres',
    signOut: 'Se déconnecter',
    skipToContent: 'Aller au contenu',
    menu: 'Menu',
    signIn: 'Connexion',
    loading: 'Chargement',
    broken: 'Cette page a cessé de fonctionner',
    brokenHelp: 'Rechargez-la ; les autres pages restent disponibles.',
    reload: 'Recharger',
  },
};

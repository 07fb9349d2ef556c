import type { Text } from '../../language/language.ts';
import type { ModelRole, PullProgress } from '../../server/models.ts';

interface Words {
  readonly title: string;
  readonly about: string;
  readonly inUse: string;
  readonly nothing: string;
  readonly roles: Readonly<Record<ModelRole, string>>;
  readonly presets: string;
  readonly presetsHelp: string;
  readonly machine: string;
  readonly thisMachine: string;
  readonly sizes: Readonly<Record<string, string>>;
  readonly language: string;
  readonly showPreset: string;
  /** What a pull of a preset is called. */
  readonly setFor: (language: string) => string;
  readonly find: string;
  readonly role: string;
  readonly allRoles: string;
  readonly allLanguages: string;
  readonly noneFits: string;
  readonly installed: string;
  readonly available: (role: string) => string;
  readonly moreLanguages: (count: number) => string;
  readonly toDownload: string;
  readonly onDisk: string;
  readonly inMemory: string;
  readonly hubTells: string;
  readonly license: (name: string) => string;
  readonly source: string;
  readonly damaged: string;
  readonly coming: string;
  readonly foreign: string;
  readonly get: string;
  readonly getOf: (title: string) => string;
  readonly remove: string;
  readonly removeOf: (title: string) => string;
  readonly removeTitle: (title: string) => string;
  readonly removeHelp: (size: string) => string;
  readonly removed: (name: string) => string;
  readonly cancel: string;
  readonly cancelOf: (names: string) => string;
  readonly close: string;
  readonly planOf: (names: string) => string;
  readonly planning: string;
  readonly isThere: string;
  readonly runtime: string;
  readonly planSizes: (download: string, disk: string, free: string) => string;
  readonly planMemory: (memory: string, machine: string) => string;
  readonly planSpeed: (cores: number) => string;
  readonly getIt: string;
  readonly pullOf: (names: string) => string;
  readonly waits: string;
  readonly begins: string;
  readonly steps: Readonly<Record<PullProgress['step'], (name: string) => string>>;
  readonly itemOf: (number: number, count: number) => string;
  readonly ofTotal: (bytes: string, total: string) => string;
  readonly failed: (names: string) => string;
  readonly pulled: (names: string) => string;
}

export const text: Text<Words> = {
  en: {
    title: 'Models',
    about: 'Neural models hear better, speak more like people and answer by themselves, all on this machine.',
    inUse: 'In use now',
    nothing: 'nothing',
    roles: {
      recognizer: 'Hears',
      languageModel: 'Thinks',
      synthesizer: 'Speaks',
      voiceActivity: 'Finds turns',
    },
    presets: 'A set that fits',
    presetsHelp: 'One model for each part, chosen to go together.',
    machine: 'Machine',
    thisMachine: 'This one',
    sizes: { small: 'Small, 4 GB of memory', balanced: 'Balanced, 8 GB', best: 'Best, 16 GB' },
    language: 'Language',
    showPreset: 'See what it takes',
    setFor: (language) => `a set for ${language}`,
    find: 'Find',
    role: 'What it does',
    allRoles: 'Anything',
    allLanguages: 'Any language',
    noneFits: 'No model fits.',
    installed: 'On this machine',
    available: (role) => `To be had: ${role.toLowerCase()}`,
    moreLanguages: (count) => `and ${count} more`,
    toDownload: 'Download',
    onDisk: 'On disk',
    inMemory: 'Memory',
    hubTells: 'Asked before it comes',
    license: (name) => `Licence ${name}`,
    source: 'About it',
    damaged: 'Damaged',
    coming: 'It is coming.',
    foreign: 'What runs it is not made for this machine.',
    get: 'Get',
    getOf: (title) => `Get ${title}`,
    remove: 'Remove',
    removeOf: (title) => `Remove ${title}`,
    removeTitle: (title) => `Remove ${title}?`,
    removeHelp: (size) => `${size} will be free again. You can get it anew at any time.`,
    removed: (name) => `${name} is removed.`,
    cancel: 'Cancel',
    cancelOf: (names) => `Cancel ${names}`,
    close: 'Not now',
    planOf: (names) => `Get ${names}`,
    planning: 'Asking what it takes…',
    isThere: 'All of it is on this machine.',
    runtime: 'Runs the models',
    planSizes: (download, disk, free) =>
      `Together ${download} to download and at most ${disk} on disk, where ${free} are free.`,
    planMemory: (memory, machine) =>
      `At work the models take about ${memory} of memory. This machine has ${machine}.`,
    planSpeed: (cores) =>
      `How fast they are on the ${cores} cores of this machine shows only once they are there. This measures it:`,
    getIt: 'Get it',
    pullOf: (names) => `Getting ${names}`,
    waits: 'Waits for the one before it.',
    begins: 'Begins…',
    steps: {
      download: (name) => `Downloading ${name}`,
      unpack: (name) => `Unpacking ${name}`,
      install: (name) => `Installing ${name}`,
    },
    itemOf: (number, count) => `${number} of ${count}`,
    ofTotal: (bytes, total) => `${bytes} of ${total}`,
    failed: (names) =>
      `This did not come: ${names}. What has been downloaded stays: the next try goes on from there.`,
    pulled: (names) => `There now: ${names}.`,
  },
  sv: {
    title: 'Modeller',
    about:
      'Neurala modeller hör bättre, talar mer som människor och svarar på egen hand, allt på den här datorn.',
    inUse: 'Används nu',
    nothing: 'ingenting',
    roles: {
      recognizer: 'Hör',
      languageModel: 'Tänker',
      synthesizer: 'Talar',
      voiceActivity: 'Känner av tal',
    },
    presets: 'En uppsättning som passar',
    presetsHelp: 'En modell för varje del, valda för att passa ihop.',
    machine: 'Dator',
    thisMachine: 'Den här',
    sizes: { small: 'Liten, 4 GB minne', balanced: 'Lagom, 8 GB', best: 'Bäst, 16 GB' },
    language: 'Språk',
    showPreset: 'Se vad som krävs',
    setFor: (language) => `en uppsättning för ${language}`,
    find: 'Sök',
    role: 'Uppgift',
    allRoles: 'Alla uppgifter',
    allLanguages: 'Alla språk',
    noneFits: 'Ingen modell passar.',
    installed: 'På den här datorn',
    available: (role) => `Går att hämta: ${role.toLowerCase()}`,
    moreLanguages: (count) => `och ${count} till`,
    toDownload: 'Hämtning',
    onDisk: 'På disken',
    inMemory: 'Minne',
    hubTells: 'Tas reda på innan',
    license: (name) => `Licens ${name}`,
    source: 'Mer om den',
    damaged: 'Skadad',
    coming: 'På väg.',
    foreign: 'Det som kör modellen finns inte för den här datorn.',
    get: 'Hämta',
    getOf: (title) => `Hämta ${title}`,
    remove: 'Ta bort',
    removeOf: (title) => `Ta bort ${title}`,
    removeTitle: (title) => `Ta bort ${title}?`,
    removeHelp: (size) => `Det frigör ${size}. Modellen går att hämta igen när som helst.`,
    removed: (name) => `${name} är borttagen.`,
    cancel: 'Avbryt',
    cancelOf: (names) => `Avbryt ${names}`,
    close: 'Inte nu',
    planOf: (names) => `Hämta ${names}`,
    planning: 'Tar reda på vad som krävs …',
    isThere: 'Allt finns redan på den här datorn.',
    runtime: 'Kör modellerna',
    planSizes: (download, disk, free) =>
      `Sammanlagt ${download} att hämta och högst ${disk} på disken, där ${free} är lediga.`,
    planMemory: (memory, machine) =>
      `I arbete tar modellerna ungefär ${memory} minne. Den här datorn har ${machine}.`,
    planSpeed: (cores) =>
      `Hur snabba de är på datorns ${cores} kärnor visar sig först när de är på plats. Så här mäter man den:`,
    getIt: 'Hämta',
    pullOf: (names) => `Hämtar ${names}`,
    waits: 'Väntar på den före.',
    begins: 'Börjar …',
    steps: {
      download: (name) => `Laddar ner ${name}`,
      unpack: (name) => `Packar upp ${name}`,
      install: (name) => `Installerar ${name}`,
    },
    itemOf: (number, count) => `${number} av ${count}`,
    ofTotal: (bytes, total) => `${bytes} av ${total}`,
    failed: (names) => `Hämtningen av ${names} misslyckades. Det som hunnit komma sparas till nästa försök.`,
    pulled: (names) => `På plats: ${names}.`,
  },
  fr: {
    title: 'Modèles',
    about:
      'Les modèles neuronaux entendent mieux, parlent plus naturellement et répondent d’eux-mêmes, le tout sur cette machine.',
    inUse: 'Utilisé en ce moment',
    nothing: 'rien',
    roles: {
      recognizer: 'Écoute',
      languageModel: 'Réfléchit',
      synthesizer: 'Parle',
      voiceActivity: 'Détecte la voix',
    },
    presets: 'Un ensemble adapté',
    presetsHelp: 'Un modèle pour chaque rôle, choisis pour aller ensemble.',
    machine: 'Machine',
    thisMachine: 'Celle-ci',
    sizes: { small: 'Petite, 4 Go de mémoire', balanced: 'Moyenne, 8 Go', best: 'Grande, 16 Go' },
    language: 'Langue',
    showPreset: 'Voir ce qu’il faut',
    setFor: (language) => `un ensemble (${language})`,
    find: 'Rechercher',
    role: 'Rôle',
    allRoles: 'Tous les rôles',
    allLanguages: 'Toutes les langues',
    noneFits: 'Aucun modèle ne correspond.',
    installed: 'Sur cette machine',
    available: (role) => `Disponible : ${role.toLowerCase()}`,
    moreLanguages: (count) => `et ${count} autres`,
    toDownload: 'À télécharger',
    onDisk: 'Sur le disque',
    inMemory: 'Mémoire',
    hubTells: 'Demandé au préalable',
    license: (name) => `Licence ${name}`,
    source: 'En savoir plus',
    damaged: 'Endommagé',
    coming: 'En cours de téléchargement.',
    foreign: 'Le moteur de ce modèle n’existe pas pour cette machine.',
    get: 'Télécharger',
    getOf: (title) => `Télécharger ${title}`,
    remove: 'Supprimer',
    removeOf: (title) => `Supprimer ${title}`,
    removeTitle: (title) => `Supprimer ${title} ?`,
    removeHelp: (size) => `Cela libère ${size}. Vous pourrez le télécharger de nouveau à tout moment.`,
    removed: (name) => `${name} est supprimé.`,
    cancel: 'Annuler',
    cancelOf: (names) => `Annuler ${names}`,
    close: 'Pas maintenant',
    planOf: (names) => `Télécharger ${names}`,
    planning: 'Vérification de ce qu’il faut…',
    isThere: 'Tout est déjà sur cette machine.',
    runtime: 'Fait fonctionner les modèles',
    planSizes: (download, disk, free) =>
      `En tout ${download} à télécharger et au plus ${disk} sur le disque, où ${free} sont libres.`,
    planMemory: (memory, machine) =>
      `En marche, les modèles occupent environ ${memory} de mémoire. Cette machine en a ${machine}.`,
    planSpeed: (cores) =>
      `Leur vitesse sur les ${cores} cœurs de cette machine ne se mesure qu’une fois installés, avec :`,
    getIt: 'Télécharger',
    pullOf: (names) => `Téléchargement de ${names}`,
    waits: 'Attend la fin du précédent.',
    begins: 'Démarrage…',
    steps: {
      download: (name) => `Téléchargement de ${name}`,
      unpack: (name) => `Décompression de ${name}`,
      install: (name) => `Installation de ${name}`,
    },
    itemOf: (number, count) => `${number} sur ${count}`,
    ofTotal: (bytes, total) => `${bytes} sur ${total}`,
    failed: (names) =>
      `Le téléchargement a échoué : ${names}. Ce qui est arrivé est conservé : le prochain essai reprendra là.`,
    pulled: (names) => `Installé : ${names}.`,
  },
};

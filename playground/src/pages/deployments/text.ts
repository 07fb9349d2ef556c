import type { Text } from '../../language/language.ts';
import type { Part, SamtalProperties } from '../../server/deployments.ts';
import type { Field, FormFault } from './deployment-form.ts';

interface Words {
  readonly title: string;
  readonly about: string;
  readonly create: string;
  readonly createIt: string;
  readonly createTitle: string;
  readonly edit: string;
  readonly editTitle: (name: string) => string;
  readonly remove: string;
  readonly removeTitle: (name: string) => string;
  readonly removeHelp: string;
  readonly save: string;
  readonly cancel: string;
  readonly editOf: (name: string) => string;
  readonly removeOf: (name: string) => string;
  readonly filter: string;
  readonly none: string;
  readonly noneFits: string;
  readonly own: string;
  readonly standard: string;
  readonly origins: Readonly<Record<SamtalProperties['origin'], string>>;
  readonly configured: string;
  readonly model: (name: string) => string;
  readonly parts: Readonly<Record<Part, string>>;
  readonly voices: (count: number) => string;
  readonly more: (count: number) => string;
  readonly missing: string;
  readonly holdsFor: (names: readonly string[]) => string;
  readonly fields: Readonly<Record<Field, string>>;
  readonly fieldHelp: Readonly<Partial<Record<Field, string>>>;
  readonly faults: Readonly<Record<FormFault, string>>;
  readonly engineDefault: (name: string | undefined) => string;
  readonly serverDefault: string;
  readonly settings: string;
  readonly engines: string;
  readonly conflict: (who: string, when: string) => string;
  readonly conflictHelp: string;
  readonly takeTheirs: string;
  readonly keepMine: string;
  readonly nothing: string;
  readonly changedMeanwhile: string;
  readonly created: (name: string) => string;
  readonly saved: (name: string) => string;
  readonly removed: (name: string) => string;
}

export const text: Text<Words> = {
  en: {
    title: 'Deployments',
    about: 'A deployment is a name that programs call, and the engines that answer under it.',
    create: 'New deployment',
    createIt: 'Create',
    createTitle: 'New deployment',
    edit: 'Edit',
    editTitle: (name) => `Edit ${name}`,
    remove: 'Delete',
    removeTitle: (name) => `Delete ${name}?`,
    removeHelp:
      'Programs that call this name will be refused from then on. Sessions that run go on to their end.',
    save: 'Save',
    cancel: 'Cancel',
    editOf: (name) => `Edit ${name}`,
    removeOf: (name) => `Delete ${name}`,
    filter: 'Find by name or model',
    none: 'There are no deployments.',
    noneFits: 'No deployment has that in its name or model.',
    own: 'Yours',
    standard: 'There from the start',
    origins: { standard: 'Standard', configuration: 'Configuration', created: 'Created' },
    configured: 'Stands in the configuration file, and is changed there.',
    model: (name) => `Model ${name}`,
    parts: { hears: 'Hears', thinks: 'Thinks', speaks: 'Speaks' },
    voices: (count) => (count === 1 ? '1 voice' : `${count} voices`),
    more: (count) => `${count} more`,
    missing: 'This could work better',
    holdsFor: (names) =>
      names.length > 3 ? `Holds for ${names.length} deployments.` : `Holds for ${names.join(', ')}.`,
    fields: {
      name: 'Name',
      model: 'Model',
      recognizer: 'Hears',
      languageModel: 'Thinks',
      synthesizer: 'Speaks',
      voice: 'Voice',
      instructions: 'Instructions',
      temperature: 'Temperature',
      maxOutputTokens: 'Longest answer, in tokens',
    },
    fieldHelp: {
      name: 'What programs call.',
      model: 'The model that programs are told it is. It decides what the deployment is for.',
      instructions: 'What the model is told before each conversation.',
      temperature: 'From 0, always the likeliest word, to 2.',
    },
    faults: {
      missing: 'Fill this in.',
      'odd-name':
        'At most 64 letters, digits, dots, dashes, colons or underscores, the first a letter or digit.',
      taken: 'There is a deployment of this name already.',
    },
    engineDefault: (name) => (name === undefined ? 'Default' : `Default (${name})`),
    serverDefault: 'Default',
    settings: 'What a conversation begins with',
    engines: 'Engines',
    conflict: (who, when) => `${who} changed this deployment at ${when}, while you had it open.`,
    conflictHelp: 'Changed in the meantime:',
    takeTheirs: 'Show it as it is now',
    keepMine: 'Keep my changes',
    nothing: 'empty',
    changedMeanwhile: 'It was changed while this stood open. Look at it again before you delete it.',
    created: (name) => `${name} is there.`,
    saved: (name) => `${name} has been changed.`,
    removed: (name) => `${name} is gone.`,
  },
  sv: {
    title: 'Driftsättningar',
    about: 'En driftsättning är ett namn som program anropar, och motorerna som svarar under det.',
    create: 'Ny driftsättning',
    createIt: 'Skapa',
    createTitle: 'Ny driftsättning',
    edit: 'Ändra',
    editTitle: (name) => `Ändra ${name}`,
    remove: 'Ta bort',
    removeTitle: (name) => `Ta bort ${name}?`,
    removeHelp:
      'Program som anropar namnet nekas från och med nu. Pågående sessioner får löpa till sitt slut.',
    save: 'Spara',
    cancel: 'Avbryt',
    editOf: (name) => `Ändra ${name}`,
    removeOf: (name) => `Ta bort ${name}`,
    filter: 'Sök på namn eller modell',
    none: 'Det finns inga driftsättningar.',
    noneFits: 'Ingen driftsättning har det i sitt namn eller sin modell.',
    own: 'Dina egna',
    standard: 'De som finns från början',
    origins: { standard: 'Standard', configuration: 'Konfiguration', created: 'Skapad' },
    configured: 'Står i konfigurationsfilen och ändras där.',
    model: (name) => `Modell ${name}`,
    parts: { hears: 'Hör', thinks: 'Tänker', speaks: 'Talar' },
    voices: (count) => (count === 1 ? '1 röst' : `${count} röster`),
    more: (count) => `${count} till`,
    missing: 'Det här kan bli bättre',
    holdsFor: (names) =>
      names.length > 3 ? `Gäller ${names.length} driftsättningar.` : `Gäller ${names.join(', ')}.`,
    fields: {
      name: 'Namn',
      model: 'Modell',
      recognizer: 'Hör',
      languageModel: 'Tänker',
      synthesizer: 'Talar',
      voice: 'Röst',
      instructions: 'Instruktioner',
      temperature: 'Temperatur',
      maxOutputTokens: 'Längsta svar, i token',
    },
    fieldHelp: {
      name: 'Det som program anropar.',
      model: 'Modellen som program får höra att det är. Den avgör vad driftsättningen är till för.',
      instructions: 'Det som modellen får veta före varje samtal.',
      temperature: 'Från 0, alltid det troligaste ordet, till 2.',
    },
    faults: {
      missing: 'Fyll i det här.',
      'odd-name':
        'Högst 64 bokstäver a–z, siffror, punkter, bindestreck, kolon eller understreck, först en bokstav eller siffra.',
      taken: 'Det finns redan en driftsättning med det namnet.',
    },
    engineDefault: (name) => (name === undefined ? 'Standard' : `Standard (${name})`),
    serverDefault: 'Standard',
    settings: 'Det som ett samtal börjar med',
    engines: 'Motorer',
    conflict: (who, when) => `${who} ändrade driftsättningen ${when}, medan du hade den öppen.`,
    conflictHelp: 'Ändrat under tiden:',
    takeTheirs: 'Visa den som den är nu',
    keepMine: 'Behåll mina ändringar',
    nothing: 'tomt',
    changedMeanwhile: 'Den ändrades medan rutan var öppen. Se på den igen innan du tar bort den.',
    created: (name) => `${name} finns nu.`,
    saved: (name) => `${name} är ändrad.`,
    removed: (name) => `${name} är borttagen.`,
  },
  fr: {
    title: 'Déploiements',
    about:
      'Un déploiement est un nom que les programmes appellent, et les moteurs qui répondent sous ce nom.',
    create: 'Nouveau déploiement',
    createIt: 'Créer',
    createTitle: 'Nouveau déploiement',
    edit: 'Modifier',
    editTitle: (name) => `Modifier ${name}`,
    remove: 'Supprimer',
    removeTitle: (name) => `Supprimer ${name} ?`,
    removeHelp:
      'Les programmes qui appellent ce nom seront désormais refusés. Les sessions en cours iront à leur terme.',
    save: 'Enregistrer',
    cancel: 'Annuler',
    editOf: (name) => `Modifier ${name}`,
    removeOf: (name) => `Supprimer ${name}`,
    filter: 'Chercher par nom ou par modèle',
    none: 'Il n’y a aucun déploiement.',
    noneFits: 'Aucun déploiement ne correspond à cette recherche.',
    own: 'Les vôtres',
    standard: 'Présents dès le départ',
    origins: { standard: 'Standard', configuration: 'Configuration', created: 'Créé' },
    configured: 'Défini dans le fichier de configuration, où il se modifie.',
    model: (name) => `Modèle ${name}`,
    parts: { hears: 'Écoute', thinks: 'Réfléchit', speaks: 'Parle' },
    voices: (count) => (count === 1 ? '1 voix' : `${count} voix`),
    more: (count) => (count === 1 ? '1 autre' : `${count} autres`),
    missing: 'Ceci peut mieux fonctionner',
    holdsFor: (names) =>
      names.length > 3 ? `Concerne ${names.length} déploiements.` : `Concerne ${names.join(', ')}.`,
    fields: {
      name: 'Nom',
      model: 'Modèle',
      recognizer: 'Écoute',
      languageModel: 'Réfléchit',
      synthesizer: 'Parle',
      voice: 'Voix',
      instructions: 'Instructions',
      temperature: 'Température',
      maxOutputTokens: 'Réponse la plus longue, en jetons',
    },
    fieldHelp: {
      name: 'Ce que les programmes appellent.',
      model: 'Le modèle annoncé aux programmes. Il détermine à quoi sert le déploiement.',
      instructions: 'Ce que le modèle sait avant chaque conversation.',
      temperature: 'De 0, toujours le mot le plus probable, à 2.',
    },
    faults: {
      missing: 'Ce champ est requis.',
      'odd-name':
        'Au plus 64 lettres sans accent, chiffres, points, tirets, deux-points ou tirets bas ; une lettre ou un chiffre en premier.',
      taken: 'Un déploiement porte déjà ce nom.',
    },
    engineDefault: (name) => (name === undefined ? 'Par défaut' : `Par défaut (${name})`),
    serverDefault: 'Par défaut',
    settings: 'Point de départ d’une conversation',
    engines: 'Moteurs',
    conflict: (who, when) => `${who} a modifié ce déploiement à ${when}, pendant que vous l’aviez ouvert.`,
    conflictHelp: 'Modifié entre-temps :',
    takeTheirs: 'Afficher l’état actuel',
    keepMine: 'Garder mes modifications',
    nothing: 'vide',
    changedMeanwhile: 'Il a été modifié entre-temps. Vérifiez-le avant de le supprimer.',
    created: (name) => `${name} est en place.`,
    saved: (name) => `${name} a été modifié.`,
    removed: (name) => `${name} a été supprimé.`,
  },
};

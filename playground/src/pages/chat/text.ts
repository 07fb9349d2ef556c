import type { Text } from '../../language/language.ts';

interface Words {
  readonly title: string;
  readonly settings: string;
  readonly newConversation: string;
  readonly showCode: string;
  readonly codeTitle: string;
  readonly close: string;
  readonly conversation: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  readonly examples: readonly string[];
  readonly you: string;
  readonly assistant: string;
  readonly deployment: string;
  readonly answers: string;
  readonly textOnly: string;
  readonly textAndAudio: string;
  readonly voice: string;
  readonly format: string;
  readonly formatHelp: string;
  readonly streamed: string;
  readonly hear: string;
  readonly instructions: string;
  readonly instructionsExample: string;
  readonly more: string;
  readonly temperature: string;
  readonly maxTokens: string;
  readonly asDeployment: string;
  readonly stop: string;
  readonly stopHelp: string;
  readonly tools: string;
  readonly toolsHelp: string;
  readonly toolsExample: string;
  readonly toolFaults: Readonly<Record<'json' | 'list' | 'name', string>>;
  readonly message: string;
  readonly messageExample: string;
  readonly send: string;
  readonly stopAnswer: string;
  readonly attach: string;
  readonly attachHelp: string;
  readonly record: string;
  readonly stopRecording: string;
  readonly recording: string;
  readonly recordingFull: string;
  readonly remove: string;
  readonly dropHere: string;
  readonly unreadable: (name: string) => string;
  readonly unreadableHelp: string;
  readonly microphoneHelp: string;
  readonly thinking: string;
  readonly stopped: string;
  readonly ended: Readonly<Record<'length' | 'content_filter', string>>;
  readonly answer: string;
  readonly usage: (counts: UsageCounts) => string;
  readonly details: string;
  readonly request: string;
  readonly response: string;
  readonly code: string;
  readonly edit: string;
  readonly forgotten: string;
  readonly forgottenHelp: string;
  readonly sendWords: string;
  readonly toolCall: (name: string) => string;
  readonly toolOutput: (name: string) => string;
  readonly toolAnswer: (name: string) => string;
  readonly sendAnswers: string;
  readonly answerFirst: string;
  readonly filesOfCode: string;
  readonly download: (name: string) => string;
}

interface UsageCounts {
  readonly prompt: number;
  readonly promptAudio: number;
  readonly completion: number;
  readonly completionAudio: number;
}

export const text: Text<Words> = {
  en: {
    title: 'Chat',
    settings: 'Settings',
    newConversation: 'New conversation',
    showCode: 'Code',
    codeTitle: 'The next request as a program',
    close: 'Close',
    conversation: 'Conversation',
    emptyTitle: 'Write, speak, or drop a sound file',
    emptyText:
      'The answer comes as text and speech. Everything that is sent can be seen, and copied as code.',
    examples: [
      'Is a golden retriever a good family dog?',
      'Tell me a very short story about a lighthouse.',
      'How do I say “good morning” in Swedish?',
    ],
    you: 'You',
    assistant: 'Assistant',
    deployment: 'Deployment',
    answers: 'Answers',
    textOnly: 'Text',
    textAndAudio: 'Text and audio',
    voice: 'Voice',
    format: 'Audio format',
    formatHelp: 'Only pcm16 can be streamed; the others come when they are whole.',
    streamed: 'streamed',
    hear: 'Play answers as they come',
    instructions: 'Instructions',
    instructionsExample: 'You are a friendly helper. Keep answers short.',
    more: 'Sampling and tools',
    temperature: 'Temperature',
    maxTokens: 'Most tokens',
    asDeployment: 'up to the deployment',
    stop: 'Stop sequences',
    stopHelp: 'At most four; press Enter after each.',
    tools: 'Tools',
    toolsHelp: 'Function definitions as JSON. You answer their calls yourself.',
    toolsExample: 'Insert an example',
    toolFaults: {
      json: 'This is not JSON.',
      list: 'A list of function definitions is expected.',
      name: 'Each function needs a “name”.',
    },
    message: 'Message',
    messageExample: 'Write a message…',
    send: 'Send',
    stopAnswer: 'Stop',
    attach: 'Attach audio',
    attachHelp: 'wav and mp3 are sent as they are, other formats as wav.',
    record: 'Record',
    stopRecording: 'Stop recording',
    recording: 'Recording',
    recordingFull: 'The recording ended by itself: a request takes 20 MiB of sound, about 7 minutes.',
    remove: 'Remove',
    dropHere: 'Drop the sound here',
    unreadable: (name) => `“${name}” can not be read as sound.`,
    unreadableHelp: 'Choose a file in a format that this browser plays, such as wav, mp3, flac or ogg.',
    microphoneHelp:
      'Allow the microphone in the browser’s address bar, and check that one is connected. Then try again.',
    thinking: 'Waiting for the answer…',
    stopped: 'Stopped here.',
    ended: {
      length: 'Cut at the token limit. Raise “Most tokens” for longer answers.',
      content_filter: 'Withheld by a content filter.',
    },
    answer: 'Answer',
    usage: ({ prompt, promptAudio, completion, completionAudio }) =>
      `${prompt} tokens in (${promptAudio} audio), ${completion} out (${completionAudio} audio)`,
    details: 'Request, response and code',
    request: 'Request',
    response: 'Response',
    code: 'Code',
    edit: 'Change the message',
    forgotten: 'The server no longer keeps this audio; later messages bring its words instead.',
    forgottenHelp:
      'Spoken answers are named by an id, which the server forgets after a while. Their words can be sent in their place.',
    sendWords: 'Send the words instead',
    toolCall: (name) => `Calls ${name}`,
    toolOutput: (name) => `Answer of ${name}`,
    toolAnswer: (name) => `What ${name} answers`,
    sendAnswers: 'Send the answer',
    answerFirst: 'Answer the tool call first.',
    filesOfCode: 'The program reads:',
    download: (name) => `Download ${name}`,
  },
  sv: {
    title: 'Chatt',
    settings: 'Inställningar',
    newConversation: 'Ny konversation',
    showCode: 'Kod',
    codeTitle: 'Nästa begäran som program',
    close: 'Stäng',
    conversation: 'Konversation',
    emptyTitle: 'Skriv, tala eller släpp en ljudfil',
    emptyText: 'Svaret kommer som text och tal. Allt som skickas går att se och att kopiera som kod.',
    examples: [
      'Är golden retriever en bra familjehund?',
      'Berätta en mycket kort saga om en fyr.',
      'Hur säger man ”god morgon” på franska?',
    ],
    you: 'Du',
    assistant: 'Assistenten',
    deployment: 'Driftsättning',
    answers: 'Svar',
    textOnly: 'Text',
    textAndAudio: 'Text och ljud',
    voice: 'Röst',
    format: 'Ljudformat',
    formatHelp: 'Bara pcm16 kan strömmas; de andra kommer när de är hela.',
    streamed: 'strömmas',
    hear: 'Spela upp svaren medan de kommer',
    instructions: 'Instruktioner',
    instructionsExample: 'Du är en vänlig medhjälpare. Svara kort.',
    more: 'Sampling och verktyg',
    temperature: 'Temperatur',
    maxTokens: 'Högst antal token',
    asDeployment: 'som driftsättningen',
    stop: 'Stoppsekvenser',
    stopHelp: 'Högst fyra; tryck Enter efter var och en.',
    tools: 'Verktyg',
    toolsHelp: 'Funktionsdefinitioner som JSON. Du svarar själv på anropen.',
    toolsExample: 'Infoga ett exempel',
    toolFaults: {
      json: 'Det här är inte JSON.',
      list: 'En lista med funktionsdefinitioner väntas.',
      name: 'Varje funktion behöver ett ”name”.',
    },
    message: 'Meddelande',
    messageExample: 'Skriv ett meddelande …',
    send: 'Skicka',
    stopAnswer: 'Stoppa',
    attach: 'Bifoga ljud',
    attachHelp: 'wav och mp3 skickas som de är, andra format som wav.',
    record: 'Spela in',
    stopRecording: 'Avsluta inspelningen',
    recording: 'Spelar in',
    recordingFull: 'Inspelningen är full: en förfrågan rymmer 20 MiB ljud, ungefär 7 minuter.',
    remove: 'Ta bort',
    dropHere: 'Släpp ljudet här',
    unreadable: (name) => `”${name}” går inte att läsa som ljud.`,
    unreadableHelp:
      'Välj en fil i ett format som webbläsaren spelar upp, till exempel wav, mp3, flac eller ogg.',
    microphoneHelp:
      'Tillåt mikrofonen i webbläsarens adressfält och se efter att en är ansluten. Försök sedan igen.',
    thinking: 'Väntar på svaret …',
    stopped: 'Stoppades här.',
    ended: {
      length: 'Avkortat vid tokengränsen. Höj ”Högst antal token” för längre svar.',
      content_filter: 'Undanhållet av ett innehållsfilter.',
    },
    answer: 'Svar',
    usage: ({ prompt, promptAudio, completion, completionAudio }) =>
      `${prompt} token in (varav ljud ${promptAudio}), ${completion} ut (varav ljud ${completionAudio})`,
    details: 'Begäran, svar och kod',
    request: 'Begäran',
    response: 'Svar',
    code: 'Kod',
    edit: 'Ändra meddelandet',
    forgotten: 'Servern har inte kvar ljudet; senare meddelanden får med sig orden i stället.',
    forgottenHelp:
      'Talade svar nämns vid ett id, som servern glömmer efter en tid. Orden kan skickas i deras ställe.',
    sendWords: 'Skicka orden i stället',
    toolCall: (name) => `Anropar ${name}`,
    toolOutput: (name) => `Svar från ${name}`,
    toolAnswer: (name) => `Vad ${name} svarar`,
    sendAnswers: 'Skicka svaret',
    answerFirst: 'Svara på verktygsanropet först.',
    filesOfCode: 'Programmet läser:',
    download: (name) => `Ladda ner ${name}`,
  },
  fr: {
    title: 'Conversation',
    settings: 'Réglages',
    newConversation: 'Nouvelle conversation',
    showCode: 'Code',
    codeTitle: 'La prochaine requête sous forme de programme',
    close: 'Fermer',
    conversation: 'Conversation',
    emptyTitle: 'Écrivez, parlez ou déposez un fichier son',
    emptyText:
      'La réponse arrive en texte et en voix. Tout ce qui est envoyé peut être consulté, et copié sous forme de code.',
    examples: [
      'Le golden retriever est-il un bon chien de famille ?',
      'Raconte-moi une très courte histoire de phare.',
      'Comment dit-on « bonjour » en suédois ?',
    ],
    you: 'Vous',
    assistant: 'Assistant',
    deployment: 'Déploiement',
    answers: 'Réponses',
    textOnly: 'Texte',
    textAndAudio: 'Texte et audio',
    voice: 'Voix',
    format: 'Format audio',
    formatHelp: 'Seul pcm16 peut être diffusé en continu ; les autres arrivent une fois complets.',
    streamed: 'en continu',
    hear: 'Écouter les réponses dès leur arrivée',
    instructions: 'Instructions',
    instructionsExample: 'Vous êtes un assistant aimable. Répondez brièvement.',
    more: 'Échantillonnage et outils',
    temperature: 'Température',
    maxTokens: 'Nombre maximal de jetons',
    asDeployment: 'selon le déploiement',
    stop: 'Séquences d’arrêt',
    stopHelp: 'Quatre au plus ; appuyez sur Entrée après chacune.',
    tools: 'Outils',
    toolsHelp: 'Définitions de fonctions en JSON. Vous répondez vous-même aux appels.',
    toolsExample: 'Insérer un exemple',
    toolFaults: {
      json: 'Ce n’est pas du JSON.',
      list: 'Une liste de définitions de fonctions est attendue.',
      name: 'Chaque fonction doit avoir un « name ».',
    },
    message: 'Message',
    messageExample: 'Écrivez un message…',
    send: 'Envoyer',
    stopAnswer: 'Arrêter',
    attach: 'Joindre un son',
    attachHelp: 'wav et mp3 sont envoyés tels quels, les autres formats en wav.',
    record: 'Enregistrer',
    stopRecording: 'Terminer l’enregistrement',
    recording: 'Enregistrement',
    recordingFull:
      'L’enregistrement s’est arrêté : une requête contient au plus 20 Mio de son, soit environ 7 minutes.',
    remove: 'Retirer',
    dropHere: 'Déposez le son ici',
    unreadable: (name) => `« ${name} » n’est pas un son lisible.`,
    unreadableHelp:
      'Choisissez un fichier dans un format que ce navigateur sait lire : wav, mp3, flac ou ogg, par exemple.',
    microphoneHelp:
      'Autorisez le microphone dans la barre d’adresse du navigateur et vérifiez qu’il est branché, puis réessayez.',
    thinking: 'En attente de la réponse…',
    stopped: 'Arrêtée ici.',
    ended: {
      length:
        'Coupée à la limite de jetons. Augmentez le « Nombre maximal de jetons » pour des réponses plus longues.',
      content_filter: 'Retenue par un filtre de contenu.',
    },
    answer: 'Réponse',
    usage: ({ prompt, promptAudio, completion, completionAudio }) =>
      `${prompt} jetons en entrée (dont ${promptAudio} audio), ${completion} en sortie (dont ${completionAudio} audio)`,
    details: 'Requête, réponse et code',
    request: 'Requête',
    response: 'Réponse',
    code: 'Code',
    edit: 'Modifier le message',
    forgotten: 'Le serveur n’a plus ce son ; les messages suivants en portent les paroles.',
    forgottenHelp:
      'Les réponses parlées sont désignées par un identifiant que le serveur finit par oublier. Leurs paroles peuvent être envoyées à la place.',
    sendWords: 'Envoyer les paroles à la place',
    toolCall: (name) => `Appelle ${name}`,
    toolOutput: (name) => `Réponse de ${name}`,
    toolAnswer: (name) => `Ce que ${name} répond`,
    sendAnswers: 'Envoyer la réponse',
    answerFirst: 'Répondez d’abord à l’appel d’outil.',
    filesOfCode: 'Le programme lit :',
    download: (name) => `Télécharger ${name}`,
  },
};

// What the page of recordings says, in the language of the browser. What the backend says of a problem stays as it is.

/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} Plural */

const en = {
  title: 'Recordings – WCS Rooms',
  heading: 'Recordings',
  list: 'Recordings, newest first',
  signOut: 'Sign out',
  demos: 'Demos',
  account: 'Account',
  token: 'Token of this backend',
  tokenHint: 'The setting {code}. Whoever runs this backend knows it.',
  signIn: 'Sign in',
  empty: 'Nothing is recorded yet. Tick “Record” when you enter a room as the first one: the recording appears here.',
  more: 'Show older ones',
  stop: 'Stop recording',
  stopRoom: 'Stop recording {room}',
  mixAgain: 'Mix again…',
  mixAgainOf: 'Mix again: {label}',
  remove: 'Delete…',
  removeOf: 'Delete {label}',
  mixTitle: 'Mix {room} again',
  mixText: 'The new mix replaces the one there is, when it is ready. All tracks stay.',
  layout: 'Layout',
  size: 'Size',
  asSetUp: 'As set up on this backend',
  grid: 'Grid with gaps',
  gridClose: 'Grid without gaps',
  gridCrop: 'Grid without gaps, pictures cut to fill it',
  speaker: 'Who speaks is large',
  desktop: 'Shared screen is large',
  soundOnly: 'Sound only',
  mix: 'Mix',
  cancel: 'Cancel',
  deleteTitle: 'Delete the recording of {room}?',
  deleteText: 'All of its files go. This cannot be undone.',
  delete: 'Delete',
  keep: 'Keep',
  unreachable: 'The backend cannot be reached just now. Try again in a moment.',
  answered: 'The backend answered {status}.',
  summary: '{recordings}, {size}',
  recordings: /** @type {Plural} */ ({ one: '{count} recording', other: '{count} recordings' }),
  kindRoom: 'Room',
  kindStream: 'Stream',
  recording: 'Recording',
  recorded: 'Waiting',
  mixing: 'Mixing',
  done: 'Ready',
  failed: 'Failed',
  mixingAt: 'Mixing, {percent}',
  mixingOf: 'Mixing of {room}',
  mixed: 'Mixed file',
  tracks: 'All tracks',
  stream: 'File',
  source: 'Source',
  timeline: 'Timeline',
  nobody: 'Nobody',
  play: 'Play',
  playOf: 'Play {label}',
  close: 'Close',
  closeOf: 'Close {label}',
  playerOf: 'Recording of {room}',
  unplayable: 'This browser cannot play the file; download it instead.',
};

/** @typedef {typeof en} Texts */

/** @type {Texts} */
const de = {
  title: 'Aufnahmen – WCS Rooms',
  heading: 'Aufnahmen',
  list: 'Aufnahmen, die neuesten zuerst',
  signOut: 'Abmelden',
  demos: 'Demos',
  account: 'Konto',
  token: 'Token dieses Backends',
  tokenHint: 'Die Einstellung {code}. Wer dieses Backend betreibt, kennt sie.',
  signIn: 'Anmelden',
  empty:
    'Noch ist nichts aufgenommen. Haken Sie „Aufnehmen“ an, wenn Sie einen Raum als Erste oder Erster betreten: Die Aufnahme erscheint dann hier.',
  more: 'Ältere anzeigen',
  stop: 'Aufnahme beenden',
  stopRoom: 'Aufnahme von {room} beenden',
  mixAgain: 'Neu mischen…',
  mixAgainOf: 'Neu mischen: {label}',
  remove: 'Löschen…',
  removeOf: '{label} löschen',
  mixTitle: '{room} neu mischen',
  mixText: 'Die neue Mischung ersetzt die vorhandene, sobald sie fertig ist. Alle Spuren bleiben erhalten.',
  layout: 'Anordnung',
  size: 'Größe',
  asSetUp: 'Wie in diesem Backend eingestellt',
  grid: 'Raster mit Abständen',
  gridClose: 'Raster ohne Abstände',
  gridCrop: 'Raster ohne Abstände, Bilder füllend zugeschnitten',
  speaker: 'Wer spricht, ist groß',
  desktop: 'Der geteilte Bildschirm ist groß',
  soundOnly: 'Nur Ton',
  mix: 'Mischen',
  cancel: 'Abbrechen',
  deleteTitle: 'Die Aufnahme von {room} löschen?',
  deleteText: 'Alle ihre Dateien werden gelöscht. Das lässt sich nicht rückgängig machen.',
  delete: 'Löschen',
  keep: 'Behalten',
  unreachable: 'Das Backend ist gerade nicht erreichbar. Versuchen Sie es gleich noch einmal.',
  answered: 'Das Backend hat mit {status} geantwortet.',
  summary: '{recordings}, {size}',
  recordings: { one: '{count} Aufnahme', other: '{count} Aufnahmen' },
  kindRoom: 'Raum',
  kindStream: 'Stream',
  recording: 'Nimmt auf',
  recorded: 'Wartet',
  mixing: 'Wird gemischt',
  done: 'Fertig',
  failed: 'Fehlgeschlagen',
  mixingAt: 'Wird gemischt, {percent}',
  mixingOf: 'Mischen von {room}',
  mixed: 'Gemischte Datei',
  tracks: 'Alle Spuren',
  stream: 'Datei',
  source: 'Quelle',
  timeline: 'Zeitleiste',
  nobody: 'Niemand',
  play: 'Abspielen',
  playOf: '{label} abspielen',
  close: 'Schließen',
  closeOf: '{label} schließen',
  playerOf: 'Aufnahme von {room}',
  unplayable: 'Dieser Browser kann die Datei nicht abspielen; laden Sie sie stattdessen herunter.',
};

/** @type {Texts} */
const es = {
  title: 'Grabaciones – WCS Rooms',
  heading: 'Grabaciones',
  list: 'Grabaciones, las más recientes primero',
  signOut: 'Cerrar sesión',
  demos: 'Demostraciones',
  account: 'Cuenta',
  token: 'Token de este servidor',
  tokenHint: 'El ajuste {code}. Lo conoce quien administra este servidor.',
  signIn: 'Iniciar sesión',
  empty: 'Todavía no hay nada grabado. Marque «Grabar» al entrar el primero en una sala: la grabación aparecerá aquí.',
  more: 'Mostrar más antiguas',
  stop: 'Detener la grabación',
  stopRoom: 'Detener la grabación de {room}',
  mixAgain: 'Volver a mezclar…',
  mixAgainOf: 'Volver a mezclar: {label}',
  remove: 'Eliminar…',
  removeOf: 'Eliminar {label}',
  mixTitle: 'Volver a mezclar {room}',
  mixText: 'La nueva mezcla sustituirá a la actual cuando esté lista. Se conservan todas las pistas.',
  layout: 'Disposición',
  size: 'Tamaño',
  asSetUp: 'Según la configuración del servidor',
  grid: 'Cuadrícula con separación',
  gridClose: 'Cuadrícula sin separación',
  gridCrop: 'Cuadrícula sin separación, imágenes recortadas para llenarla',
  speaker: 'En grande quien habla',
  desktop: 'En grande la pantalla compartida',
  soundOnly: 'Solo sonido',
  mix: 'Mezclar',
  cancel: 'Cancelar',
  deleteTitle: '¿Eliminar la grabación de {room}?',
  deleteText: 'Se eliminarán todos sus archivos. No se puede deshacer.',
  delete: 'Eliminar',
  keep: 'Conservar',
  unreachable: 'No se puede contactar con el servidor en este momento. Inténtelo de nuevo dentro de un instante.',
  answered: 'El servidor respondió {status}.',
  summary: '{recordings}, {size}',
  recordings: { one: '{count} grabación', other: '{count} grabaciones' },
  kindRoom: 'Sala',
  kindStream: 'Transmisión',
  recording: 'Grabando',
  recorded: 'En espera',
  mixing: 'Mezclando',
  done: 'Lista',
  failed: 'Con errores',
  mixingAt: 'Mezclando, {percent}',
  mixingOf: 'Mezcla de {room}',
  mixed: 'Archivo mezclado',
  tracks: 'Todas las pistas',
  stream: 'Archivo',
  source: 'Fuente',
  timeline: 'Cronología',
  nobody: 'Nadie',
  play: 'Reproducir',
  playOf: 'Reproducir {label}',
  close: 'Cerrar',
  closeOf: 'Cerrar {label}',
  playerOf: 'Grabación de {room}',
  unplayable: 'Este navegador no puede reproducir el archivo; descárguelo.',
};

/** @type {Texts} */
const fr = {
  title: 'Enregistrements – WCS Rooms',
  heading: 'Enregistrements',
  list: 'Enregistrements, du plus récent au plus ancien',
  signOut: 'Se déconnecter',
  demos: 'Démos',
  account: 'Compte',
  token: 'Jeton de ce serveur',
  tokenHint: 'Le réglage {code}. La personne qui gère ce serveur le connaît.',
  signIn: 'Se connecter',
  empty:
    'Rien n’est encore enregistré. Cochez « Enregistrer » en entrant le premier dans une salle : l’enregistrement apparaîtra ici.',
  more: 'Afficher les plus anciens',
  stop: 'Arrêter l’enregistrement',
  stopRoom: 'Arrêter l’enregistrement de {room}',
  mixAgain: 'Mixer à nouveau…',
  mixAgainOf: 'Mixer à nouveau : {label}',
  remove: 'Supprimer…',
  removeOf: 'Supprimer {label}',
  mixTitle: 'Mixer {room} à nouveau',
  mixText: 'Le nouveau mixage remplacera l’actuel dès qu’il sera prêt. Toutes les pistes sont conservées.',
  layout: 'Disposition',
  size: 'Taille',
  asSetUp: 'Selon les réglages de ce serveur',
  grid: 'Grille avec espaces',
  gridClose: 'Grille sans espaces',
  gridCrop: 'Grille sans espaces, images recadrées pour la remplir',
  speaker: 'La personne qui parle en grand',
  desktop: 'L’écran partagé en grand',
  soundOnly: 'Son seul',
  mix: 'Mixer',
  cancel: 'Annuler',
  deleteTitle: 'Supprimer l’enregistrement de {room} ?',
  deleteText: 'Tous ses fichiers seront supprimés. Cette action est irréversible.',
  delete: 'Supprimer',
  keep: 'Conserver',
  unreachable: 'Le serveur est injoignable pour le moment. Réessayez dans un instant.',
  answered: 'Le serveur a répondu {status}.',
  summary: '{recordings}, {size}',
  recordings: { one: '{count} enregistrement', other: '{count} enregistrements' },
  kindRoom: 'Salle',
  kindStream: 'Flux',
  recording: 'En cours',
  recorded: 'En attente',
  mixing: 'Mixage',
  done: 'Prêt',
  failed: 'Échec',
  mixingAt: 'Mixage, {percent}',
  mixingOf: 'Mixage de {room}',
  mixed: 'Fichier mixé',
  tracks: 'Toutes les pistes',
  stream: 'Fichier',
  source: 'Source',
  timeline: 'Chronologie',
  nobody: 'Personne',
  play: 'Lire',
  playOf: 'Lire {label}',
  close: 'Fermer',
  closeOf: 'Fermer {label}',
  playerOf: 'Enregistrement de {room}',
  unplayable: 'Ce navigateur ne peut pas lire le fichier ; téléchargez-le.',
};

/** @type {Texts} */
const ru = {
  title: 'Записи – WCS Rooms',
  heading: 'Записи',
  list: 'Записи, сначала новые',
  signOut: 'Выйти',
  demos: 'Примеры',
  account: 'Учётная запись',
  token: 'Токен этого сервера',
  tokenHint: 'Настройка {code}. Её знает администратор сервера.',
  signIn: 'Войти',
  empty: 'Записей пока нет. Отметьте «Записывать», входя в комнату первым: запись появится здесь.',
  more: 'Показать более старые',
  stop: 'Остановить запись',
  stopRoom: 'Остановить запись комнаты {room}',
  mixAgain: 'Свести заново…',
  mixAgainOf: 'Свести заново: {label}',
  remove: 'Удалить…',
  removeOf: 'Удалить: {label}',
  mixTitle: 'Свести {room} заново',
  mixText: 'Когда новая версия будет готова, она заменит прежнюю. Все дорожки сохранятся.',
  layout: 'Расположение',
  size: 'Размер',
  asSetUp: 'Как настроено на сервере',
  grid: 'Сетка с промежутками',
  gridClose: 'Сетка без промежутков',
  gridCrop: 'Сетка без промежутков, картинки обрезаны по её ячейкам',
  speaker: 'Крупно тот, кто говорит',
  desktop: 'Крупно показ экрана',
  soundOnly: 'Только звук',
  mix: 'Свести',
  cancel: 'Отмена',
  deleteTitle: 'Удалить запись комнаты {room}?',
  deleteText: 'Будут удалены все её файлы. Отменить это нельзя.',
  delete: 'Удалить',
  keep: 'Оставить',
  unreachable: 'Сервер сейчас недоступен. Попробуйте ещё раз чуть позже.',
  answered: 'Сервер ответил: {status}.',
  summary: '{recordings}, {size}',
  recordings: { one: '{count} запись', few: '{count} записи', many: '{count} записей', other: '{count} записи' },
  kindRoom: 'Комната',
  kindStream: 'Поток',
  recording: 'Идёт запись',
  recorded: 'Ожидает',
  mixing: 'Сведение',
  done: 'Готово',
  failed: 'Ошибка',
  mixingAt: 'Сведение, {percent}',
  mixingOf: 'Сведение: {room}',
  mixed: 'Микс',
  tracks: 'Дорожки',
  stream: 'Файл',
  source: 'Источник',
  timeline: 'Хронология',
  nobody: 'Никого',
  play: 'Смотреть',
  playOf: 'Смотреть: {label}',
  close: 'Закрыть',
  closeOf: 'Закрыть: {label}',
  playerOf: 'Запись комнаты {room}',
  unplayable: 'Этот браузер не может воспроизвести файл; скачайте его.',
};

/** @type {Record<string, Texts>} By language. */
export const all = { en, de, es, fr, ru };

/** The first of the browser's languages that there is; dates, numbers and sizes follow it. */
export const locale = navigator.languages.find((tag) => language(tag) in all) ?? 'en';
const texts = all[language(locale)] ?? en;

/** @param {string} tag BCP 47 */
function language(tag) {
  return tag.split('-')[0]?.toLowerCase() ?? '';
}

/**
 * @param {Exclude<keyof Texts, 'recordings'>} key
 * @param {Record<string, string | number>} [values] What stands in braces.
 */
export function say(key, values = {}) {
  return put(texts[key], values);
}

/** @param {number} count */
export function sayRecordings(count) {
  const form = new Intl.PluralRules(locale).select(count);
  return put(texts.recordings[form] ?? texts.recordings.other, { count: count.toLocaleString(locale) });
}

/**
 * Writes the texts of a page into the elements that name them: `data-say` for what is in an element, where an element in
 * it stays as what `{…}` means, and `data-say-label` for its accessible name.
 *
 * @param {Document | DocumentFragment} root
 */
export function translate(root) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-say]'))) {
    const inside = element.firstElementChild;
    const [before = '', after = ''] = texts[keyOf(element.dataset.say)].split(/\{\w+\}/);
    element.replaceChildren(before, ...(inside ? [inside, after] : []));
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-say-label]')))
    element.ariaLabel = say(keyOf(element.dataset.sayLabel));
  for (const template of root.querySelectorAll('template')) translate(template.content);
}

/** @param {string | undefined} name */
function keyOf(name) {
  return /** @type {Exclude<keyof Texts, 'recordings'>} */ (name);
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
function put(text, values) {
  return text.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

export const app = {
  name: 'nhandien',
  home: 'nhandien, front page',
  tabs: 'Pages',
  skipToContent: 'Skip to the content',
  loading: 'Loading',
  pageNotFound: 'There is no such page',
  pageNotFoundHint: 'The address may have been mistyped.',
  pageFailed: 'This page could not be shown',
  pageFailedHint: 'The server may just have been updated. Reloading is usually enough.',
  reload: 'Reload',
  tryAgain: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  otherLanguage: 'Tiếng Việt',
  lightColours: 'Light colours',
  darkColours: 'Dark colours',
}

export const tabs = {
  recognise: 'Recognise',
  enrol: 'Enrol a person',
  people: 'People',
  monitor: 'Monitoring',
  admin: 'Administration',
  help: 'Help',
}

export const tabsShort = {
  recognise: 'Recognise',
  enrol: 'Enrol',
  people: 'People',
  monitor: 'Monitor',
  admin: 'Admin',
  help: 'Help',
}

export const problems = {
  unknown: 'Something went wrong. Try again; if it persists, tell the administrator.',
  unreachable: 'The server can’t be reached. Check the network and try again.',
  retryAfter: (wait: string) => `Try again in ${wait}.`,
}

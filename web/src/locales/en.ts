import { admin } from './en/admin.ts'
import { app, problems, tabs, tabsShort } from './en/app.ts'
import { camera, compare } from './en/camera.ts'
import { enrol } from './en/enrol.ts'
import { help } from './en/help.ts'
import { monitor } from './en/monitor.ts'
import { people } from './en/people.ts'
import { alreadyEnrolled, person, typedConfirmation } from './en/person.ts'
import { recognise } from './en/recognise.ts'
import { session } from './en/session.ts'
import type { Messages } from './vi.ts'

export const en: Messages = {
  app,
  tabs,
  tabsShort,
  problems,
  session,
  recognise,
  compare,
  camera,
  person,
  alreadyEnrolled,
  typedConfirmation,
  enrol,
  people,
  monitor,
  admin,
  help,
}

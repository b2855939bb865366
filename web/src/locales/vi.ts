import { admin } from './vi/admin.ts'
import { app, problems, tabs, tabsShort } from './vi/app.ts'
import { camera, compare } from './vi/camera.ts'
import { enrol } from './vi/enrol.ts'
import { help } from './vi/help.ts'
import { monitor } from './vi/monitor.ts'
import { people } from './vi/people.ts'
import { alreadyEnrolled, person, typedConfirmation } from './vi/person.ts'
import { recognise } from './vi/recognise.ts'
import { session } from './vi/session.ts'

/** Every text of the pages; a text with a part that varies is a function of it. */
export const vi = {
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

/** What every language must say: a missing text does not compile. */
export type Messages = typeof vi

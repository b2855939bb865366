/** Actions of the audit log whose name on the wire is that of the call that does them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['enrol', 'add_embedding'],
  ['edit-image', 'edit_embedding'],
  ['remove-image', 'delete_image'],
  ['remove-person', 'delete_class'],
  ['reset', 'reset_index'],
  ['sign-in', 'login'],
  ['sign-out', 'logout'],
])
const ACTIONS: ReadonlyMap<string, string> = new Map([...NAMES].map(([action, name]) => [name, action]))

export function actionAnswer(action: string): string {
  return NAMES.get(action) ?? action.replaceAll('-', '_')
}

/** The inverse; what is no action stays what it is, and is found nowhere. */
export function actionOf(name: string): string {
  return ACTIONS.get(name) ?? name.replaceAll('_', '-')
}

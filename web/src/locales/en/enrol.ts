export const enrol = {
  hint: 'One person, one or several photos.',
}

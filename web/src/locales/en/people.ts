export const people = {
  hint: 'Find, edit and manage the people who are enrolled.',
}

export const admin = {
  hint: 'Accounts, audit log, models and data.',
}

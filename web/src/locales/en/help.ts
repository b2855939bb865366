export const help = {
  hint: 'A short guide for everyday use.',
}

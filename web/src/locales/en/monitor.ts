export const monitor = {
  hint: 'How the server is doing, live.',
}

export const help = {
  hint: 'Hướng dẫn ngắn cho người dùng hằng ngày.',
}

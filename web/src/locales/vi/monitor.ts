export const monitor = {
  hint: 'Máy chủ đang hoạt động ra sao, cập nhật liên tục.',
}

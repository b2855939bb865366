export const people = {
  hint: 'Tìm, sửa và quản lý những người đã đăng ký.',
}

/** What is known of a person, wherever it is shown or asked for. */
export const person = {
  id: 'Mã',
  name: 'Tên',
  age: 'Tuổi',
  gender: 'Giới tính',
  genders: { male: 'Nam', female: 'Nữ', other: 'Khác' },
  residence: 'Nơi ở',
  photos: 'Số ảnh',
}

/** What must be typed before something goes for good. */
export const typedConfirmation = {
  label: (word: string) => `Gõ “${word}” để xác nhận`,
}

export const alreadyEnrolled = {
  title: (name: string) => `Khuôn mặt này đã có trong danh sách: ${name}`,
  yourPhoto: 'Ảnh của bạn',
  question: 'Hai ảnh này có phải cùng một người không?',
  same: (name: string) => `Cùng người: thêm ảnh cho ${name}`,
  other: 'Khác người: vẫn tạo mới',
}
